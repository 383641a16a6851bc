package org.ikev2d.xfrm.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.bytes.DecodeException.Fault;

/**
 * Reads fields in order, in host order unless a method says network. Valid as long as the octets in the buffer are; what
 * it hands out as {@link Bytes} is copied.
 */
public final class NetlinkReader {
    private final ByteBuffer octets;
    private final int end;
    private final String path;
    private int position;

    private NetlinkReader(ByteBuffer octets, int position, int end, String path) {
        this.octets = octets;
        this.position = position;
        this.end = end;
        this.path = path;
    }

    /** Reads {@code octets} from its position to its limit, and moves neither. */
    public static NetlinkReader of(ByteBuffer octets, String name) {
        ByteBuffer view = octets.duplicate().order(ByteOrder.nativeOrder());
        return new NetlinkReader(view, view.position(), view.limit(), name);
    }

    public int remaining() {
        return end - position;
    }

    public int u8(String field) throws DecodeException {
        return octets.get(take(1, field)) & 0xff;
    }

    public int u16(String field) throws DecodeException {
        return octets.getShort(take(2, field)) & 0xffff;
    }

    public int u32(String field) throws DecodeException {
        return octets.getInt(take(4, field));
    }

    public long u64(String field) throws DecodeException {
        return octets.getLong(take(8, field));
    }

    public int network16(String field) throws DecodeException {
        int at = take(2, field);
        return ((octets.get(at) & 0xff) << 8) | (octets.get(at + 1) & 0xff);
    }

    public int network32(String field) throws DecodeException {
        return (network16(field) << 16) | network16(field);
    }

    public Bytes bytes(int size, String field) throws DecodeException {
        byte[] copy = new byte[size < 0 || size > remaining() ? 0 : size];
        octets.get(take(size, field), copy);
        return Bytes.wrap(copy);
    }

    /** All that is left, without moving on. */
    public Bytes peekAll() {
        byte[] copy = new byte[remaining()];
        octets.get(position, copy);
        return Bytes.wrap(copy);
    }

    /** All that is left, as an array of the caller's: it may hold keys. */
    public byte[] octets() {
        byte[] copy = new byte[remaining()];
        octets.get(position, copy);
        position = end;
        return copy;
    }

    /** All that is left, up to the first NUL. */
    public String text() {
        byte[] all = peekAll().toArray();
        position = end;
        int size = 0;
        while (size < all.length && all[size] != 0) {
            size++;
        }
        return new String(all, 0, size, StandardCharsets.UTF_8);
    }

    public void skip(int size, String field) throws DecodeException {
        take(size, field);
    }

    /** The next {@code size} octets as a reader of their own, that cannot read past them; this one goes on behind. */
    public NetlinkReader slice(int size, String name) throws DecodeException {
        int from = take(size, name);
        return new NetlinkReader(octets, from, from + size, path + "/" + name);
    }

    /** Moves on to the next multiple of four from the start of {@code size} octets just read, or to the end. */
    void align(int size) {
        position += Math.min(remaining(), -size & 3);
    }

    /** An error at the octet just read from. */
    public DecodeException error(Fault fault, String field, int value, String expected) {
        return new DecodeException(fault, position, path + "/" + field, value, expected);
    }

    private int take(int size, String field) throws DecodeException {
        if (size < 0 || size > remaining()) {
            throw error(
                    Fault.TRUNCATED,
                    field,
                    size,
                    String.format(Locale.ROOT, "need %d octets, have %d", size, remaining()));
        }
        int from = position;
        position += size;
        return from;
    }
}
