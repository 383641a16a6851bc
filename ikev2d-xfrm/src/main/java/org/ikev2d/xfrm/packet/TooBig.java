package org.ikev2d.xfrm.packet;

/**
 * Answers a packet that is longer than the tunnel takes and must not be cut: ICMP "fragmentation needed" (RFC 792, RFC
 * 1191 §4), ICMPv6 Packet Too Big (RFC 4443 §3.2). For one thread.
 */
public final class TooBig {
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int HEADER = 8;
    private static final int HOP_LIMIT = 64;

    /** Of the answer over IPv4 (RFC 1812 §4.3.2.3), and over IPv6 (RFC 4443 §2.4). */
    private static final int LONGEST_IPV4 = 576;

    private static final int LONGEST_IPV6 = 1280;

    /** What an answer may need of room. */
    public static final int LONGEST = LONGEST_IPV6;

    private TooBig() {}

    /**
     * Writes the answer, which seems to come from where the packet was to go.
     *
     * @param mtu what the tunnel takes
     * @return the answer's length; 0 where there must be none: to an error, to a later fragment, to many at once
     */
    public static int answer(byte[] packet, int at, int length, int mtu, byte[] out, int outAt) {
        if (length < IPV4) {
            return 0;
        }
        boolean ipv4 = Octets.u8(packet, at) >> 4 == 4;
        if (!ipv4 && length < IPV6) {
            return 0;
        }
        return ipv4 ? answerIpv4(packet, at, length, mtu, out, outAt) : answerIpv6(packet, at, length, mtu, out, outAt);
    }

    private static int answerIpv4(byte[] packet, int at, int length, int mtu, byte[] out, int outAt) {
        int header = (Octets.u8(packet, at) & 0xf) * 4;
        boolean later = (Octets.u16(packet, at + 6) & 0x1fff) != 0;
        boolean toMany = Octets.u8(packet, at + 16) >= 224 || Octets.u8(packet, at + 12) >= 224;
        if (header < IPV4 || header + HEADER > length || later || toMany) {
            return 0;
        }
        if (Octets.u8(packet, at + 9) == ICMP && !isQuestion(Octets.u8(packet, at + header))) {
            return 0;
        }
        int quoted = Math.min(length, LONGEST_IPV4 - IPV4 - HEADER);
        int size = IPV4 + HEADER + quoted;
        clear(out, outAt, IPV4 + HEADER);
        out[outAt] = 0x45;
        Octets.put16(out, outAt + 2, size);
        out[outAt + 8] = HOP_LIMIT;
        out[outAt + 9] = ICMP;
        System.arraycopy(packet, at + 16, out, outAt + 12, 4);
        System.arraycopy(packet, at + 12, out, outAt + 16, 4);
        Checksum.completeIpv4(out, outAt, IPV4);
        int icmp = outAt + IPV4;
        out[icmp] = 3;
        out[icmp + 1] = 4;
        Octets.put16(out, icmp + 6, mtu);
        System.arraycopy(packet, at, out, icmp + HEADER, quoted);
        Octets.put16(out, icmp + 2, Checksum.complement(Checksum.sum(out, icmp, HEADER + quoted)));
        return size;
    }

    private static boolean isQuestion(int icmpType) {
        return icmpType == 0 || icmpType == 8 || icmpType >= 13;
    }

    private static int answerIpv6(byte[] packet, int at, int length, int mtu, byte[] out, int outAt) {
        boolean fromMany = Octets.u8(packet, at + 8) == 0xff;
        boolean error = Octets.u8(packet, at + 6) == ICMPV6 && length > IPV6 && packet[at + IPV6] >= 0;
        if (fromMany || error) {
            return 0;
        }
        int quoted = Math.min(length, LONGEST_IPV6 - IPV6 - HEADER);
        int size = HEADER + quoted;
        clear(out, outAt, IPV6 + HEADER);
        out[outAt] = 0x60;
        Octets.put16(out, outAt + 4, size);
        out[outAt + 6] = ICMPV6;
        out[outAt + 7] = HOP_LIMIT;
        System.arraycopy(packet, at + 24, out, outAt + 8, 16);
        System.arraycopy(packet, at + 8, out, outAt + 24, 16);
        int icmp = outAt + IPV6;
        out[icmp] = 2;
        Octets.put32(out, icmp + 4, mtu);
        System.arraycopy(packet, at, out, icmp + HEADER, quoted);
        long sum = Checksum.pseudoHeader(out, outAt, false, ICMPV6, size) + Checksum.sum(out, icmp, size);
        Octets.put16(out, icmp + 2, Checksum.complement(sum));
        return IPV6 + size;
    }

    private static void clear(byte[] octets, int at, int length) {
        for (int i = at; i < at + length; i++) {
            octets[i] = 0;
        }
    }
}
