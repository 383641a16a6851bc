package org.ikev2d.xfrm.packet;

/**
 * DSCP and ECN between inner and outer header: DSCP is copied out and not back (RFC 4301 §5.1.2), ECN in the normal mode
 * of RFC 6040.
 */
public final class Ecn {
    /** {@link #decapsulated} says this where the packet is to be dropped. */
    public static final int DROP = -1;

    private static final int MASK = 3;
    private static final int NOT_ECT = 0;
    private static final int ECT_1 = 1;
    private static final int CE = 3;

    private Ecn() {}

    /** The octet of DSCP and ECN of the packet at {@code at}: TOS of IPv4, Traffic Class of IPv6. */
    public static int of(byte[] octets, int at) {
        return Octets.u8(octets, at) >> 4 == 4 ? Octets.u8(octets, at + 1) : Octets.u16(octets, at) >> 4 & 0xff;
    }

    /** The outer header's octet (RFC 6040 §4.1: the inner one as it is). */
    public static int encapsulated(int inner) {
        return inner;
    }

    /**
     * The octet that an inner packet goes on with (RFC 6040 §4.2, figure 4), or {@link #DROP}: congestion was met by a
     * packet whose sender could not be told.
     */
    public static int decapsulated(int outer, int inner) {
        int outerEcn = outer & MASK;
        int innerEcn = inner & MASK;
        if (outerEcn == CE) {
            return innerEcn == NOT_ECT ? DROP : inner | CE;
        }
        return outerEcn == ECT_1 && innerEcn != NOT_ECT && innerEcn != CE ? (inner & ~MASK) | ECT_1 : inner;
    }

    /** Writes {@code tos} into the packet at {@code at}, and mends an IPv4 header's checksum (RFC 1624). */
    public static void set(byte[] octets, int at, int tos) {
        if (Octets.u8(octets, at) >> 4 == 4) {
            int before = Octets.u16(octets, at);
            octets[at + 1] = (byte) tos;
            int after = Octets.u16(octets, at);
            long sum = (~Octets.u16(octets, at + 10) & 0xffff) + (~before & 0xffff) + (long) after;
            Octets.put16(octets, at + 10, Checksum.complement(sum));
        } else {
            Octets.put16(octets, at, (Octets.u16(octets, at) & 0xf00f) | (tos << 4));
        }
    }
}
