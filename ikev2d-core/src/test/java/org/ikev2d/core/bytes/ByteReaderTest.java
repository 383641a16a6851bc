package org.ikev2d.core.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.ikev2d.core.bytes.DecodeException.Fault;
import org.junit.jupiter.api.Test;

final class ByteReaderTest {
    private static final Bytes OCTETS = Bytes.hex("01" + "ff02" + "80000003" + "8000000000000004" + "aabb" + "cc");

    @Test
    void fieldsAreReadInOrderAndBigEndian() throws DecodeException {
        ByteReader in = ByteReader.of(OCTETS, "message");
        assertThat(in.u8("a")).isEqualTo(1);
        assertThat(in.u16("b")).isEqualTo(0xff02);
        assertThat(in.u32("c")).isEqualTo(0x80000003);
        assertThat(in.u64("d")).isEqualTo(0x8000000000000004L);
        assertThat(in.bytes(2, "e")).isEqualTo(Bytes.hex("aabb"));
        assertThat(in.offset()).isEqualTo(17);
        assertThat(in.remaining()).isEqualTo(1);
        assertThat(in.rest()).isEqualTo(Bytes.hex("cc"));
        in.expectEnd();
    }

    @Test
    void shortFieldIsRefusedWhereItStartsAndLeavesThePosition() {
        ByteReader in = ByteReader.of(Bytes.hex("010203"), "message", 40);
        assertThatThrownBy(() -> in.u32("length"))
                .hasMessage("TRUNCATED at octet 40 in message/length: need 4 octets, have 3");
        assertThatThrownBy(() -> in.u64("SPI"))
                .hasMessage("TRUNCATED at octet 40 in message/SPI: need 8 octets, have 3");
        assertThatThrownBy(() -> in.bytes(-1, "data")).isInstanceOf(DecodeException.class);
        assertThat(in.offset()).isEqualTo(40);
    }

    @Test
    void childCannotReadPastItsEndAndKnowsItsPlace() throws DecodeException {
        ByteReader in = ByteReader.of(Bytes.hex("0001020304"), "message", 10);
        in.skip(1, "reserved");
        ByteReader child = in.slice(2, "NOTIFY").slice(2, "SPI");
        assertThat(child.u8("first")).isEqualTo(1);
        assertThatThrownBy(() -> child.u16("second"))
                .hasMessage("TRUNCATED at octet 12 in message/NOTIFY/SPI/second: need 2 octets, have 1");
        assertThatThrownBy(child::expectEnd)
                .hasMessage("TRAILING at octet 12 in message/NOTIFY/SPI: expected the end, found 1 octets");
        assertThat(in.u8("behind the child")).isEqualTo(3);
    }

    @Test
    void errorPointsAtTheFieldReadLast() throws DecodeException {
        ByteReader in = ByteReader.of(Bytes.hex("00010203"), "message");
        in.u8("type");
        in.u16("length");
        DecodeException error = in.error(Fault.BAD_LENGTH, "length", 258, "expected 2");
        assertThat(error).hasMessage("BAD_LENGTH at octet 1 in message/length: expected 2");
        assertThat(error.fault()).isEqualTo(Fault.BAD_LENGTH);
        assertThat(error.offset()).isEqualTo(1);
        assertThat(error.path()).isEqualTo("message/length");
        assertThat(error.value()).isEqualTo(258);
        assertThat(error.getStackTrace()).isEmpty();
    }

    @Test
    void writerWritesWhatReaderReads() {
        Bytes written = new ByteWriter()
                .u8(1)
                .u16(0xff02)
                .u32(0x80000003)
                .u64(0x8000000000000004L)
                .bytes(Bytes.hex("aabb"))
                .u8(0xcc)
                .toBytes();
        assertThat(written).isEqualTo(OCTETS);
    }

    @Test
    void writerGrowsAndPatches() {
        ByteWriter out = new ByteWriter().zeros(200).bytes(Bytes.hex("ee".repeat(200)));
        out.patchU8(0, 1).patchU16(1, 0x0203).patchU32(396, 0x04050607);
        assertThat(out.size()).isEqualTo(400);
        assertThat(out.toBytes()).isEqualTo(Bytes.hex("010203" + "00".repeat(197) + "ee".repeat(196) + "04050607"));
    }
}
