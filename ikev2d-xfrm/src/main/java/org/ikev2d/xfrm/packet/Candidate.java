package org.ikev2d.xfrm.packet;

/**
 * A packet that may become part of a larger one: TCP with data and nothing but ACK and PSH said, or UDP; whole, its
 * checksum right, no options of IPv4 and no extension headers of IPv6. Read anew for each packet; for one thread.
 */
final class Candidate {
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;

    static final int TCP = 6;
    static final int UDP = 17;

    private static final int ACK = 0x10;
    private static final int PSH = 0x08;

    /** More fragments, and the offset. */
    private static final int FRAGMENT = 0x3fff;

    private static final int DONT_FRAGMENT = 0x4000;

    byte[] octets = new byte[0];
    int at;
    int length;
    boolean ipv4;
    int protocol;

    /** Of the TCP or UDP header in the packet. */
    int upper;

    int headersLength;
    int dataLength;
    int sequence;
    boolean push;

    /** Of the flow: addresses, ports and protocol. */
    int hash;

    /** Whether addresses and ports could be read, so that order within a flow can be kept. */
    boolean hasFlow;

    /** Whether the packet may become part of a larger one; its flow is read in any case where it has one. */
    boolean read(byte[] packet, int from, int size) {
        octets = packet;
        at = from;
        length = size;
        hasFlow = false;
        if (size < IPV4) {
            return false;
        }
        int version = Octets.u8(packet, from) >> 4;
        ipv4 = version == 4;
        boolean plain;
        if (ipv4) {
            upper = IPV4;
            protocol = Octets.u8(packet, from + 9);
            plain = Octets.u8(packet, from) == 0x45
                    && Octets.u16(packet, from + 2) == size
                    && (Octets.u16(packet, from + 6) & FRAGMENT) == 0;
        } else {
            upper = IPV6;
            protocol = size < IPV6 ? 0 : Octets.u8(packet, from + 6);
            plain = version == 6 && size >= IPV6 && IPV6 + Octets.u16(packet, from + 4) == size;
        }
        if (!plain) {
            return false;
        }
        return switch (protocol) {
            case TCP -> readTcp();
            case UDP -> readUdp();
            default -> false;
        };
    }

    private boolean readTcp() {
        if (upper + TCP_HEADER > length) {
            return false;
        }
        readFlow();
        int header = (Octets.u8(octets, at + upper + 12) >> 4) * 4;
        int flags = Octets.u8(octets, at + upper + 13);
        headersLength = upper + header;
        dataLength = length - headersLength;
        sequence = Octets.s32(octets, at + upper + 4);
        push = (flags & PSH) != 0;
        return header >= TCP_HEADER && dataLength > 0 && (flags & ~PSH) == ACK && hasRightChecksum();
    }

    private boolean readUdp() {
        if (upper + UDP_HEADER > length) {
            return false;
        }
        readFlow();
        headersLength = upper + UDP_HEADER;
        dataLength = length - headersLength;
        push = false;
        return dataLength > 0
                && Octets.u16(octets, at + upper + 4) == length - upper
                && Octets.u16(octets, at + upper + 6) != 0
                && hasRightChecksum();
    }

    private boolean hasRightChecksum() {
        int size = length - upper;
        long sum = Checksum.pseudoHeader(octets, at, ipv4, protocol, size);
        return Checksum.fold(sum + Checksum.sum(octets, at + upper, size)) == 0xffff;
    }

    private void readFlow() {
        hasFlow = true;
        long mixed = Octets.s32(octets, at + upper) * 0x9e37_79b9L + protocol;
        int first = ipv4 ? 12 : 8;
        for (int i = at + first; i < at + upper; i += 8) {
            mixed = mixed * 31 + Octets.s64(octets, i);
        }
        hash = Long.hashCode(mixed);
    }

    /** Don't Fragment of IPv4; of IPv6 always. */
    boolean dontFragment() {
        return !ipv4 || (Octets.u16(octets, at + 6) & DONT_FRAGMENT) != 0;
    }
}
