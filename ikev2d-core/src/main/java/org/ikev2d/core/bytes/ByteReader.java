package org.ikev2d.core.bytes;

import java.util.Locale;
import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException.Fault;

/**
 * Reads big-endian fields in order and knows where it is: every error names the octet, counted from the message's first,
 * and the field.
 */
public final class ByteReader {
    private final Bytes octets;
    private final int end;
    /** Added to positions in error messages, where {@code octets} stood inside something larger. */
    private final int base;
    /** Outermost first, joined only when an error needs it. */
    private final Optional<ByteReader> parent;

    private final String name;

    private int position;
    private int fieldStart;

    private ByteReader(Bytes octets, int position, int end, int base, Optional<ByteReader> parent, String name) {
        this.octets = octets;
        this.position = position;
        this.fieldStart = position;
        this.end = end;
        this.base = base;
        this.parent = parent;
        this.name = name;
    }

    public static ByteReader of(Bytes octets, String name) {
        return of(octets, name, 0);
    }

    /** @param base what errors add to positions: where {@code octets} began in the message that they came from */
    public static ByteReader of(Bytes octets, String name, int base) {
        return new ByteReader(octets, 0, octets.size(), base, Optional.empty(), name);
    }

    public int remaining() {
        return end - position;
    }

    /** Where the next octet stands, counted from the message's first. */
    public int offset() {
        return base + position;
    }

    /** What this reads, outermost first: {@code message/NOTIFY}. */
    public String path() {
        return parent.map(outer -> outer.path() + "/" + name).orElse(name);
    }

    public int u8(String field) throws DecodeException {
        take(1, field);
        return octets.at(position++);
    }

    public int u16(String field) throws DecodeException {
        take(2, field);
        int value = (octets.at(position) << 8) | octets.at(position + 1);
        position += 2;
        return value;
    }

    /** Four octets; unsigned values above 2^31 come out negative. */
    public int u32(String field) throws DecodeException {
        take(4, field);
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = (value << 8) | octets.at(position + i);
        }
        position += 4;
        return value;
    }

    public long u64(String field) throws DecodeException {
        take(8, field);
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | octets.at(position + i);
        }
        position += 8;
        return value;
    }

    public Bytes bytes(int size, String field) throws DecodeException {
        take(size, field);
        Bytes taken = octets.slice(position, position + size);
        position += size;
        return taken;
    }

    public Bytes rest() {
        fieldStart = position;
        Bytes taken = octets.slice(position, end);
        position = end;
        return taken;
    }

    public void skip(int size, String field) throws DecodeException {
        take(size, field);
        position += size;
    }

    /** The next {@code size} octets as a reader of their own, that cannot read past them; this one goes on behind. */
    public ByteReader slice(int size, String name) throws DecodeException {
        take(size, name);
        ByteReader child = new ByteReader(octets, position, position + size, base, Optional.of(this), name);
        position += size;
        return child;
    }

    /** Nothing may be left over. */
    public void expectEnd() throws DecodeException {
        if (position != end) {
            throw new DecodeException(
                    Fault.TRAILING,
                    offset(),
                    path(),
                    remaining(),
                    "expected the end, found " + remaining() + " octets");
        }
    }

    /** An error in the field read last: its position is that field's first octet. */
    public DecodeException error(Fault fault, String field, int value, String expected) {
        return new DecodeException(fault, base + fieldStart, path() + "/" + field, value, expected);
    }

    private void take(int size, String field) throws DecodeException {
        fieldStart = position;
        if (size < 0 || size > remaining()) {
            throw error(
                    Fault.TRUNCATED,
                    field,
                    size,
                    String.format(Locale.ROOT, "need %d octets, have %d", size, remaining()));
        }
    }
}
