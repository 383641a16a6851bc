package org.ikev2d.core.bytes;

import java.util.Arrays;
import java.util.HexFormat;

/** Immutable octets. Not for keys: those are {@code Secret}s. */
public final class Bytes implements Comparable<Bytes> {
    private static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final int QUOTED_LIMIT = 128;

    private final byte[] octets;

    private Bytes(byte[] octets) {
        this.octets = octets;
    }

    public static Bytes empty() {
        return EMPTY;
    }

    /** Copies {@code octets}. */
    public static Bytes of(byte... octets) {
        return octets.length == 0 ? EMPTY : new Bytes(octets.clone());
    }

    /** Takes over {@code octets}: the caller must not write to it afterwards. */
    public static Bytes wrap(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Bytes(octets);
    }

    /** @throws IllegalArgumentException when {@code hex} is not pairs of hexadecimal digits */
    public static Bytes hex(String hex) {
        return wrap(HexFormat.of().parseHex(hex));
    }

    public static Bytes concat(Bytes... parts) {
        int size = 0;
        for (Bytes part : parts) {
            size += part.size();
        }
        byte[] joined = new byte[size];
        int at = 0;
        for (Bytes part : parts) {
            System.arraycopy(part.octets, 0, joined, at, part.size());
            at += part.size();
        }
        return wrap(joined);
    }

    public int size() {
        return octets.length;
    }

    public boolean isEmpty() {
        return octets.length == 0;
    }

    /** The octet at {@code index} as 0 to 255. */
    public int at(int index) {
        return octets[index] & 0xff;
    }

    /** Octets {@code from} (inclusive) to {@code to} (exclusive). */
    public Bytes slice(int from, int to) {
        return wrap(Arrays.copyOfRange(octets, checkedBound(from, to), to));
    }

    private int checkedBound(int from, int to) {
        if (from < 0 || from > to || to > octets.length) {
            throw new IndexOutOfBoundsException(from + ".." + to + " of " + octets.length);
        }
        return from;
    }

    /** A fresh array, the caller's own. */
    public byte[] toArray() {
        return octets.clone();
    }

    /** Copies all octets to {@code target} from {@code offset} on. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(octets, 0, target, offset, octets.length);
    }

    public String toHex() {
        return HexFormat.of().formatHex(octets);
    }

    /**
     * Text that a peer chose, fit for one line of a log: between quotes, visible ASCII and spaces as they are, all else
     * as {@code \\xNN}; what is too long is cut.
     */
    public String toQuotedText() {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(octets.length, QUOTED_LIMIT); i++) {
            int octet = at(i);
            if (octet < ' ' || octet > '~' || octet == '"' || octet == '\\') {
                text.append("\\x").append(HexFormat.of().toHexDigits((byte) octet));
            } else {
                text.append((char) octet);
            }
        }
        text.append('"');
        return octets.length <= QUOTED_LIMIT
                ? text.toString()
                : text.append("... (").append(octets.length).append(" octets)").toString();
    }

    /** Orders as unsigned octet strings do; a proper prefix comes first. */
    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(octets, other.octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return octets.length <= 32
                ? toHex()
                : HexFormat.of().formatHex(octets, 0, 32) + "... (" + octets.length + " octets)";
    }
}
