package org.ikev2d.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.NotifyType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of payload against its octets, both ways. */
final class PayloadTest {
    private static final Bytes SPI = Bytes.hex("cae7019f");

    static Stream<Arguments> golden() {
        return Stream.of(
                arguments(
                        33,
                        "0000002c0000002801030403cae7019f0300000c0100000c800e008003000008030000020000000805000000",
                        new Payload.SecurityAssociation(List.of(new Proposal(
                                1,
                                3,
                                SPI,
                                List.of(Transform.of(1, 12, 128), Transform.of(3, 2, 0), Transform.of(5, 0, 0)))))),
                arguments(
                        33,
                        "000000440200002801030403cae7019f0300000c0100000c800e0080030000080300000200000008050000000000001802030401"
                                + "cae7019e0000000c01000012800e0080",
                        new Payload.SecurityAssociation(List.of(
                                new Proposal(
                                        1,
                                        3,
                                        SPI,
                                        List.of(
                                                Transform.of(1, 12, 128),
                                                Transform.of(3, 2, 0),
                                                Transform.of(5, 0, 0))),
                                new Proposal(2, 3, Bytes.hex("cae7019e"), List.of(Transform.of(1, 18, 128)))))),
                arguments(34, "0000000c" + "001f0000" + "deadbeef", new Payload.KeyExchange(31, Bytes.hex("deadbeef"))),
                arguments(
                        35,
                        "0000000c01000000c0000264",
                        new Payload.Identification(true, new Identity(1, Bytes.hex("c0000264")))),
                arguments(
                        36,
                        "00000018050000000000200100000db80000000000000001",
                        new Payload.Identification(
                                false, new Identity(5, Bytes.hex("0000200100000db80000000000000001")))),
                arguments(37, "0000000804308201", new Payload.Certificate(4, Bytes.hex("308201"))),
                arguments(
                        38,
                        "00000019040d0a12bb1f98996563f15b10db95c67eea7990fa",
                        new Payload.CertificateRequest(4, Bytes.hex("0d0a12bb1f98996563f15b10db95c67eea7990fa"))),
                arguments(39, "0000000a02000000abcd", new Payload.Authentication(2, Bytes.hex("abcd"))),
                arguments(
                        40,
                        "00000014000102030405060708090a0b0c0d0e0f",
                        new Payload.Nonce(Bytes.hex("000102030405060708090a0b0c0d0e0f"))),
                arguments(
                        41,
                        "0000000c030440092ad4c0a2",
                        new Payload.Notify(3, Bytes.hex("2ad4c0a2"), NotifyType.REKEY_SA.code(), Bytes.empty())),
                arguments(
                        41,
                        "0000000c0000403c00000003",
                        Payload.Notify.of(NotifyType.SA_RESOURCE_INFO, Bytes.hex("00000003"))),
                arguments(
                        42,
                        "0000001003040002cae7019fcae7019e",
                        new Payload.Delete(3, List.of(SPI, Bytes.hex("cae7019e")))),
                arguments(42, "0000000801000000", new Payload.Delete(1, List.of())),
                arguments(42, "0000000803040000", new Payload.Delete(3, List.of())),
                arguments(43, "00000006abcd", new Payload.VendorId(Bytes.hex("abcd"))),
                arguments(
                        44,
                        "0000002802000000070000100010fff0c0000264c0000365070000100000ffffc0000464c0000466",
                        new Payload.TrafficSelectors(
                                true,
                                List.of(
                                        new TrafficSelector(
                                                0,
                                                16,
                                                65520,
                                                IpAddress.of((byte) 192, (byte) 0, (byte) 2, (byte) 100),
                                                IpAddress.of((byte) 192, (byte) 0, (byte) 3, (byte) 101)),
                                        TrafficSelector.parse("192.0.4.100-192.0.4.102")))),
                arguments(
                        45,
                        "0000003001000000083a00280000ffff20010db8000000000000000000000000"
                                + "20010db8ffffffffffffffffffffffff",
                        new Payload.TrafficSelectors(false, List.of(TrafficSelector.parse("2001:db8::/32[icmpv6]")))),
                arguments(
                        45,
                        "000000180100000007110010ffff00000a0000010a000001",
                        new Payload.TrafficSelectors(false, List.of(TrafficSelector.parse("10.0.0.1[udp/opaque]")))),
                arguments(47, "0000000801000000", new Payload.Opaque(47, Bytes.hex("01000000"))),
                arguments(48, "0000000803000004", new Payload.Opaque(48, Bytes.hex("03000004"))),
                arguments(200, "0000000577", new Payload.Opaque(200, Bytes.hex("77"))));
    }

    @Holds({
        "7296-2.5-g",
        "7296-2.5-m",
        "7296-3.2-a",
        "7296-3.2-d",
        "7296-3.2-e",
        "7296-3.2-f",
        "7296-3.3.1-a",
        "7296-3.3.2-a",
        "7296-3.3.5-a",
        "7296-3.3.5-c",
        "7296-3.5-a",
        "7296-3.8-c",
        "7296-3.11-c",
        "7296-3.12-b",
        "7296-3.13-a",
        "7296-3.13.1-c",
        "7296-3.13.1-d",
        "9611-5.1-a",
        "9611-5.2-a"
    })
    @ParameterizedTest
    @MethodSource("golden")
    void octetsAndPayloadAreTheSameThing(int type, String hex, Payload payload) throws DecodeException {
        assertThat(payload.type()).isEqualTo(type);
        assertThat(MessageCodec.decodePayloads(Bytes.hex(hex), type, 0)).containsExactly(payload);
        assertThat(MessageCodec.encodePayloads(List.of(payload))).isEqualTo(new EncodedPayloads(type, Bytes.hex(hex)));
    }

    @Test
    void chainOfNoPayloadsIsNoOctets() throws DecodeException {
        assertThat(MessageCodec.decodePayloads(Bytes.empty(), 0, 0)).isEmpty();
        assertThat(MessageCodec.encodePayloads(List.of())).isEqualTo(new EncodedPayloads(0, Bytes.empty()));
    }

    @Holds({"7296-2.5-h", "7296-3.2-c", "7296-3.2-g", "7296-3.3.1-b", "7296-3.3.2-b", "7296-3.8-d", "7296-3.13-b"})
    @Test
    void reservedFieldsAndTheCriticalBitOfKnownTypesAreIgnored_rfc7296_2_5() throws DecodeException {
        assertThat(MessageCodec.decodePayloads(Bytes.hex("00ff000a02ffffffabcd"), 39, 0))
                .containsExactly(new Payload.Authentication(2, Bytes.hex("abcd")));
        assertThat(MessageCodec.decodePayloads(Bytes.hex("00ff000c" + "001fffff" + "deadbeef"), 34, 0))
                .containsExactly(new Payload.KeyExchange(31, Bytes.hex("deadbeef")));
        assertThat(MessageCodec.decodePayloads(Bytes.hex("00ff000c" + "0202ff01" + "67772e61"), 35, 0))
                .containsExactly(new Payload.Identification(true, new Identity(2, Bytes.hex("67772e61")), 0x02ff01));
        assertThat(MessageCodec.decodePayloads(
                        Bytes.hex("00ff002c00ff002801030403cae7019f03ff000c01ff000c800e0080"
                                + "03ff000803ff000200ff000805ff0000"),
                        33,
                        0))
                .isEqualTo(MessageCodec.decodePayloads(
                        Bytes.hex("0000002c0000002801030403cae7019f0300000c0100000c800e0080"
                                + "03000008030000020000000805000000"),
                        33,
                        0));
        assertThat(MessageCodec.decodePayloads(Bytes.hex("00ff001801ffffff070000100000ffff0a0100000a01ffff"), 44, 0))
                .containsExactly(new Payload.TrafficSelectors(true, List.of(TrafficSelector.parse("10.1.0.0/16"))));
    }

    @Test
    void attributesThatAreNotAKeyLengthAreKeptApart_rfc7296_3_3_6() throws DecodeException {
        String keyLength = "800e0100";
        String again = "800e0080";
        String zero = "800e0000";
        String longFormat = "000e00020100";
        String unknown = "80630001";
        String unknownLong = "00630003aabbcc";
        assertThat(transform(unknownLong, keyLength, again, unknown, longFormat, zero))
                .isEqualTo(new Transform(1, 20, 256, Bytes.hex(unknownLong + again + unknown + longFormat + zero)));
        assertThat(transform(zero)).isEqualTo(new Transform(1, 20, 0, Bytes.hex(zero)));
        assertThat(transform(longFormat)).isEqualTo(new Transform(1, 20, 0, Bytes.hex(longFormat)));
    }

    private static Transform transform(String... attributes) throws DecodeException {
        Bytes octets = Bytes.hex(String.join("", attributes));
        Transform transform = new Transform(1, 20, 0, octets);
        EncodedPayloads encoded = MessageCodec.encodePayloads(List.of(
                new Payload.SecurityAssociation(List.of(new Proposal(1, 1, Bytes.empty(), List.of(transform))))));
        Payload decoded = MessageCodec.decodePayloads(encoded.octets(), 33, 0).get(0);
        return ((Payload.SecurityAssociation) decoded)
                .proposals()
                .get(0)
                .transforms()
                .get(0);
    }

    @Test
    void selectorsOfUnknownTypesAreLeftOut_rfc7296_3_13_1() throws DecodeException {
        assertThat(MessageCodec.decodePayloads(
                        Bytes.hex("0000002403000000" + "0a00000801020304" + "070000100000ffff0a0000010a000001"
                                + "ff000004"),
                        44,
                        0))
                .containsExactly(new Payload.TrafficSelectors(true, List.of(TrafficSelector.parse("10.0.0.1"))));
    }

    @Test
    void acceptedProposalKeepsTheNumberOfTheOffer_rfc7296_3_3_1() throws DecodeException {
        Payload accepted =
                new Payload.SecurityAssociation(List.of(new Proposal(4, 3, SPI, List.of(Transform.of(1, 20, 128)))));
        assertThat(MessageCodec.decodePayloads(
                        MessageCodec.encodePayloads(List.of(accepted)).octets(), 33, 0))
                .containsExactly(accepted);
    }

    @Test
    void valuesThatNoPayloadCanCarryAreRefused() {
        assertThatThrownBy(() -> new Payload.Nonce(Bytes.hex("00".repeat(15))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Payload.Nonce(Bytes.hex("00".repeat(257))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Payload.Delete(3, List.of(SPI, Bytes.empty())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Proposal(0, 3, SPI, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Proposal(256, 3, SPI, List.of())).isInstanceOf(IllegalArgumentException.class);
        TrafficSelector any = TrafficSelector.parse("0.0.0.0/0");
        Transform transform = Transform.of(1, 20, 128);
        assertNotWritten(new Payload.SecurityAssociation(List.of()));
        assertNotWritten(
                new Payload.SecurityAssociation(List.of(new Proposal(1, 3, SPI, Collections.nCopies(256, transform)))));
        assertNotWritten(new Payload.TrafficSelectors(true, List.of()));
        assertNotWritten(new Payload.TrafficSelectors(true, Collections.nCopies(256, any)));
        assertNotWritten(new Payload.VendorId(Bytes.hex("00".repeat(65532))));
        assertNotWritten(new Payload.Notify(3, Bytes.hex("00".repeat(256)), 1, Bytes.empty()));
    }

    private static void assertNotWritten(Payload payload) {
        assertThatThrownBy(() -> MessageCodec.encodePayloads(List.of(payload)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
