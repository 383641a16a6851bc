package org.ikev2d.xfrm.packet;

/**
 * Takes a packet apart that the kernel handed to a TUN device whole: one longer than the MTU becomes several, and
 * checksums that were left open are filled in. Works in place, without a copy: the headers of each packet are written
 * just before its data, over the end of the packet before it. So each packet must be done with before the next is asked
 * for. For one thread.
 */
public final class Segmenter {
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int TCP = 20;
    private static final int UDP = 8;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private static final int FIN = 0x01;
    private static final int PSH = 0x08;
    private static final int CWR = 0x80;

    /** More than headers ever have that the kernel segments: extension headers of IPv6 go unsegmented. */
    private static final int LONGEST_HEADERS = 512;

    private final byte[] headers = new byte[LONGEST_HEADERS];
    private byte[] octets = new byte[0];

    /** Of the packet that comes next. */
    private int nextAt;

    private int nextLength;
    private int left;

    private boolean tcp;
    private boolean ipv4;
    private int upper;
    private int headersLength;
    private int segmentSize;
    private int index;
    private int sequence;
    private int flags;
    private int identification;

    /** The pseudo-header's sum, without the length. */
    private long pseudoSum;

    private int packetAt;
    private int packetLength;

    /**
     * Begins with what one read of the device gave.
     *
     * @param at where the {@code struct virtio_net_hdr} is
     * @param length with that header
     * @return whether there is a packet in it; nothing else is to be done when there is none
     */
    public boolean begin(byte[] read, int at, int length) {
        octets = read;
        left = 0;
        segmentSize = 0;
        nextAt = at + VirtioNetHeader.SIZE;
        nextLength = length - VirtioNetHeader.SIZE;
        if (nextLength < IPV4) {
            return false;
        }
        int version = Octets.u8(octets, nextAt) >> 4;
        ipv4 = version == 4;
        if (!ipv4 && (version != 6 || nextLength < IPV6)) {
            return false;
        }
        boolean open = (VirtioNetHeader.flags(read, at) & VirtioNetHeader.NEEDS_CSUM) != 0;
        upper = VirtioNetHeader.checksumStart(read, at);
        return switch (VirtioNetHeader.gsoType(read, at)) {
            case VirtioNetHeader.GSO_NONE -> !open || complete(VirtioNetHeader.checksumOffset(read, at));
            case VirtioNetHeader.GSO_TCPV4, VirtioNetHeader.GSO_TCPV6 -> open && beginTcp(read, at);
            case VirtioNetHeader.GSO_UDP_L4 -> open && beginUdp(read, at);
            default -> false;
        };
    }

    /** Fills in a single packet's checksum. */
    private boolean complete(int offset) {
        int field = upper + offset;
        if (upper > nextLength || field + 2 > nextLength) {
            return false;
        }
        int sum = Checksum.complement(Checksum.sum(octets, nextAt + upper, nextLength - upper));
        // In UDP 0 would say that there is none; for others both mean the same.
        Octets.put16(octets, nextAt + field, sum == 0 && offset == UDP_CHECKSUM ? 0xffff : sum);
        return true;
    }

    private boolean beginTcp(byte[] read, int at) {
        tcp = true;
        if (upper + TCP > nextLength) {
            return false;
        }
        int header = (Octets.u8(octets, nextAt + upper + 12) >> 4) * 4;
        if (header < TCP || !beginSegments(read, at, upper + header)) {
            return false;
        }
        sequence = Octets.s32(headers, upper + 4);
        flags = Octets.u8(headers, upper + 13);
        beginSum(TCP_CHECKSUM);
        return true;
    }

    private boolean beginUdp(byte[] read, int at) {
        tcp = false;
        if (upper + UDP > nextLength || !beginSegments(read, at, upper + UDP)) {
            return false;
        }
        beginSum(UDP_CHECKSUM);
        return true;
    }

    private boolean beginSegments(byte[] read, int at, int length) {
        headersLength = length;
        segmentSize = VirtioNetHeader.gsoSize(read, at);
        int least = ipv4 ? (Octets.u8(octets, nextAt) & 0xf) * 4 : IPV6;
        boolean sound = segmentSize > 0
                && least >= IPV4
                && upper >= least
                && headersLength <= LONGEST_HEADERS
                && headersLength <= nextLength;
        if (!sound) {
            segmentSize = 0;
            return false;
        }
        System.arraycopy(octets, nextAt, headers, 0, headersLength);
        left = nextLength - headersLength;
        index = 0;
        identification = ipv4 ? Octets.u16(headers, 4) : 0;
        return true;
    }

    /** What the kernel put in the checksum's field is the pseudo-header's sum with the whole length. */
    private void beginSum(int field) {
        int whole = nextLength - upper;
        pseudoSum = Octets.u16(headers, upper + field) + (long) (0xffff - Checksum.fold(whole));
        Octets.put16(headers, upper + field, 0);
    }

    /** Moves to the next packet, if there is one more: {@link #at} and {@link #length} tell where. */
    public boolean next() {
        if (segmentSize == 0) {
            packetAt = nextAt;
            packetLength = nextLength;
            nextLength = 0;
            return packetLength > 0;
        }
        if (nextLength == 0) {
            return false;
        }
        int data = Math.min(left, segmentSize);
        packetAt = nextAt;
        packetLength = headersLength + data;
        System.arraycopy(headers, 0, octets, packetAt, headersLength);
        left -= data;
        nextAt = packetAt + data;
        nextLength = left == 0 ? 0 : headersLength + left;
        completeIp();
        int size = packetLength - upper;
        long sum = pseudoSum + size;
        int field;
        if (tcp) {
            completeTcp();
            field = TCP_CHECKSUM;
        } else {
            Octets.put16(octets, packetAt + upper + 4, size);
            field = UDP_CHECKSUM;
        }
        int checksum = Checksum.complement(sum + Checksum.sum(octets, packetAt + upper, size));
        Octets.put16(octets, packetAt + upper + field, checksum == 0 && !tcp ? 0xffff : checksum);
        index++;
        return true;
    }

    private void completeIp() {
        if (ipv4) {
            Octets.put16(octets, packetAt + 2, packetLength);
            Octets.put16(octets, packetAt + 4, identification + index);
            Checksum.completeIpv4(octets, packetAt, (Octets.u8(octets, packetAt) & 0xf) * 4);
        } else {
            Octets.put16(octets, packetAt + 4, packetLength - IPV6);
        }
    }

    /** FIN and PSH end what is sent, CWR is said once (RFC 3168 §6.1.2). */
    private void completeTcp() {
        Octets.put32(octets, packetAt + upper + 4, sequence + index * segmentSize);
        int own = flags;
        if (left > 0) {
            own &= ~(FIN | PSH);
        }
        if (index > 0) {
            own &= ~CWR;
        }
        octets[packetAt + upper + 13] = (byte) own;
    }

    /** Where the packet is in the octets that were read. */
    public int at() {
        return packetAt;
    }

    public int length() {
        return packetLength;
    }
}
