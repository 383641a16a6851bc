package org.ikev2d.xfrm.packet;

/**
 * Cuts an IPv4 packet that is longer than the tunnel takes and may be cut (RFC 791 §3.2). Works in place, as
 * {@link Segmenter} does: each fragment must be done with before the next is asked for. For one thread.
 */
public final class Fragments {
    private static final int IPV4 = 20;
    private static final int LONGEST_HEADER = 60;
    private static final int MORE = 0x2000;
    private static final int OFFSET = 0x1fff;
    private static final int COPIED = 0x80;
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;

    private final byte[] header = new byte[LONGEST_HEADER];
    private byte[] octets = new byte[0];
    private int headerLength;
    private int word;
    private int data;
    private int left;
    private int most;
    private int fragmentAt;
    private int fragmentLength;

    /**
     * @param mtu the longest fragment, header and all; at least 68
     * @return whether the packet can be cut
     */
    public boolean begin(byte[] packet, int at, int length, int mtu) {
        octets = packet;
        left = 0;
        if (length < IPV4 || Octets.u8(packet, at) >> 4 != 4) {
            return false;
        }
        headerLength = (Octets.u8(packet, at) & 0xf) * 4;
        word = Octets.u16(packet, at + 6);
        if (headerLength < IPV4 || headerLength > length || mtu < headerLength + 8) {
            return false;
        }
        System.arraycopy(packet, at, header, 0, headerLength);
        data = at + headerLength;
        left = length - headerLength;
        most = (mtu - headerLength) & ~7;
        return true;
    }

    /** Moves to the next fragment, if there is one more. */
    public boolean next() {
        if (left == 0) {
            return false;
        }
        int size = Math.min(left, most);
        boolean last = size == left;
        fragmentAt = data - headerLength;
        fragmentLength = headerLength + size;
        System.arraycopy(header, 0, octets, fragmentAt, headerLength);
        Octets.put16(octets, fragmentAt + 2, fragmentLength);
        Octets.put16(octets, fragmentAt + 6, last ? word : word | MORE);
        Checksum.completeIpv4(octets, fragmentAt, headerLength);
        data += size;
        left -= size;
        word = (word & ~OFFSET) | ((word & OFFSET) + size / 8);
        forgetOptions();
        return true;
    }

    /** Later fragments have only the options that say so; the others become padding. */
    private void forgetOptions() {
        int at = IPV4;
        while (at < headerLength) {
            int type = Octets.u8(header, at);
            int size = type == END_OF_OPTIONS || type == NO_OPERATION || at + 1 == headerLength
                    ? 1
                    : Math.max(2, Octets.u8(header, at + 1));
            int end = Math.min(at + size, headerLength);
            if ((type & COPIED) == 0 && type != END_OF_OPTIONS) {
                for (int i = at; i < end; i++) {
                    header[i] = NO_OPERATION;
                }
            }
            at = type == END_OF_OPTIONS ? headerLength : end;
        }
    }

    public int at() {
        return fragmentAt;
    }

    public int length() {
        return fragmentLength;
    }
}
