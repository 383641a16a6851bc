package org.ikev2d.xfrm.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeCursorTest {
    private static final int PADDING = 27;

    private record Simple(int type, Bytes value) {}

    @Test
    void paddingIsSkippedAndFlagsAreNoPartOfTheType() throws DecodeException {
        ByteBuffer octets = ByteBuffer.allocateDirect(64);
        NetlinkWriter out = new NetlinkWriter(octets);
        out.attribute(PADDING, value -> {});
        out.attribute(0x8000 | 5, value -> value.u8(1));
        out.attribute(PADDING, value -> value.u32(0));
        out.attribute(9999, value -> {});
        assertThat(all(octets)).containsExactly(new Simple(5, Bytes.of((byte) 1)), new Simple(9999, Bytes.empty()));
    }

    @Test
    void theLastAttributeMayLackItsPadding() throws DecodeException {
        ByteBuffer octets = ByteBuffer.allocateDirect(64);
        new NetlinkWriter(octets).attribute(5, value -> value.u8(1));
        octets.position(5);
        assertThat(all(octets)).containsExactly(new Simple(5, Bytes.of((byte) 1)));
    }

    @Test
    void aLengthThatLiesIsRefused() {
        for (int length : new int[] {0, 3, 9, 0xffff}) {
            ByteBuffer octets = ByteBuffer.allocateDirect(64);
            new NetlinkWriter(octets).attribute(5, value -> value.u32(1));
            octets.putShort(0, (short) length);
            assertThatThrownBy(() -> all(octets))
                    .isInstanceOf(DecodeException.class)
                    .hasMessageContaining("nla_len");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatIsWrittenIsRead(long seed) throws DecodeException {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            ByteBuffer octets = ByteBuffer.allocateDirect(4096);
            NetlinkWriter out = new NetlinkWriter(octets);
            List<Simple> written = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                byte[] value = new byte[random.nextInt(70)];
                random.nextBytes(value);
                Simple attribute = new Simple(1 + random.nextInt(26), Bytes.of(value));
                written.add(attribute);
                out.attribute(attribute.type(), inner -> inner.octets(value));
            }
            assertThat(all(octets)).as("seed %d", seed).isEqualTo(written);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void anyOctetsAreReadOrRefused(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 5000; run++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            if (noise.length > 1) {
                noise[1] = 0;
                noise[0] = (byte) random.nextInt(64);
            }
            ByteBuffer octets = ByteBuffer.allocateDirect(64).put(noise);
            try {
                assertThat(all(octets)).hasSizeLessThanOrEqualTo(16);
            } catch (DecodeException e) {
                assertThat(e.offset()).isBetween(0, noise.length);
            }
        }
    }

    private static List<Simple> all(ByteBuffer written) throws DecodeException {
        ByteBuffer octets = written.duplicate();
        octets.flip();
        AttributeCursor cursor = new AttributeCursor(NetlinkReader.of(octets, "test"), PADDING);
        List<Simple> found = new ArrayList<>();
        for (Optional<AttributeCursor.Attribute> next = cursor.next(); next.isPresent(); next = cursor.next()) {
            found.add(new Simple(next.get().type(), next.get().value().peekAll()));
        }
        return found;
    }
}
