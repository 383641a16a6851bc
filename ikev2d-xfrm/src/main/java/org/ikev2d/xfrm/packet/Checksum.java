package org.ikev2d.xfrm.packet;

/** The Internet checksum (RFC 1071), in parts: sums are added up before they are folded and complemented. */
final class Checksum {
    private Checksum() {}

    /** The sum of the 16-bit words of {@code length} octets, a last odd one padded with zero; not folded. */
    static long sum(byte[] octets, int at, int length) {
        long sum = 0;
        int end = at + length;
        int next = at;
        for (; next + 16 <= end; next += 16) {
            long one = Octets.s64(octets, next);
            long other = Octets.s64(octets, next + 8);
            sum += (one >>> 32) + (one & 0xffff_ffffL) + (other >>> 32) + (other & 0xffff_ffffL);
        }
        for (; next + 2 <= end; next += 2) {
            sum += Octets.u16(octets, next);
        }
        return next < end ? sum + (Octets.u8(octets, next) << 8) : sum;
    }

    /** 16 bits, with all carries added in; not complemented. */
    static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
        folded = (folded >>> 16) + (folded & 0xffff);
        folded = (folded >>> 16) + (folded & 0xffff);
        return (int) ((folded >>> 16) + (folded & 0xffff));
    }

    static int complement(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /** Puts the checksum of the IPv4 header at {@code at} in its place. */
    static void completeIpv4(byte[] octets, int at, int headerLength) {
        Octets.put16(octets, at + 10, 0);
        Octets.put16(octets, at + 10, complement(sum(octets, at, headerLength)));
    }

    /**
     * The pseudo-header's sum of the packet at {@code at} (RFC 9293 §3.1, RFC 8200 §8.1).
     *
     * @param length of header and data of the upper protocol
     */
    static long pseudoHeader(byte[] octets, int at, boolean ipv4, int protocol, int length) {
        long addresses = ipv4 ? sum(octets, at + 12, 8) : sum(octets, at + 8, 32);
        return addresses + protocol + length;
    }
}
