package org.ikev2d.xfrm.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;

/**
 * Writes one message into a buffer, in host order unless a method says network. The buffer may come to hold keys: its
 * owner zeroes it.
 */
public final class NetlinkWriter {
    private static final int ATTRIBUTE_HEADER = 4;

    private final ByteBuffer octets;

    /** Writes from {@code octets}' position on, which moves along. */
    public NetlinkWriter(ByteBuffer octets) {
        this.octets = octets.order(ByteOrder.nativeOrder());
    }

    /** A whole message: header, {@code body}, and the length in place. */
    public static void message(
            ByteBuffer octets, int type, int flags, int sequence, int port, Consumer<? super NetlinkWriter> body) {
        int start = octets.position();
        NetlinkWriter out = new NetlinkWriter(octets);
        out.u32(0).u16(type).u16(flags).u32(sequence).u32(port);
        body.accept(out);
        octets.putInt(start, octets.position() - start);
    }

    public NetlinkWriter u8(int value) {
        octets.put((byte) value);
        return this;
    }

    public NetlinkWriter u16(int value) {
        octets.putShort((short) value);
        return this;
    }

    public NetlinkWriter u32(int value) {
        octets.putInt(value);
        return this;
    }

    public NetlinkWriter u64(long value) {
        octets.putLong(value);
        return this;
    }

    public NetlinkWriter network16(int value) {
        return u8(value >>> 8).u8(value);
    }

    public NetlinkWriter network32(int value) {
        return network16(value >>> 16).network16(value);
    }

    public NetlinkWriter bytes(Bytes value) {
        for (int i = 0; i < value.size(); i++) {
            u8(value.at(i));
        }
        return this;
    }

    /** Writes borrowed octets, and keeps no reference. */
    public NetlinkWriter octets(byte[] value) {
        octets.put(value);
        return this;
    }

    /** {@code text} in ASCII, padded with NUL to {@code size} octets. */
    public NetlinkWriter text(String text, int size) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        return octets(ascii).zeros(size - ascii.length);
    }

    public NetlinkWriter zeros(int count) {
        for (int i = 0; i < count; i++) {
            octets.put((byte) 0);
        }
        return this;
    }

    /**
     * {@code struct nlattr} with what {@code value} writes, then padding to a multiple of four:
     *
     * <pre>
     * __u16 nla_len;   0  header included, padding not
     * __u16 nla_type;  2
     * </pre>
     */
    public NetlinkWriter attribute(int type, Consumer<? super NetlinkWriter> value) {
        int start = octets.position();
        u16(0).u16(type);
        value.accept(this);
        int length = octets.position() - start;
        octets.putShort(start, (short) length);
        return zeros(-length & (ATTRIBUTE_HEADER - 1));
    }
}
