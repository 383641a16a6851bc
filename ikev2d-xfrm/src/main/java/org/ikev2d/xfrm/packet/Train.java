package org.ikev2d.xfrm.packet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** One packet of a flow, and those that came right behind it, as one large packet. For one thread. */
final class Train {
    private static final int LONGEST = 65_535;

    /** UDP_MAX_SEGMENTS of the kernel's. */
    private static final int MOST_UDP = 64;

    private static final int LONGEST_HEADERS = 100;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private final ByteBuffer octets = ByteBuffer.allocateDirect(VirtioNetHeader.SIZE + LONGEST);

    /** Those of the first packet. */
    private final byte[] headers = new byte[LONGEST_HEADERS];

    private final byte[] virtio = new byte[VirtioNetHeader.SIZE];

    private boolean ipv4;
    private int protocol;
    private int hash;
    private int upper;
    private int headersLength;
    private int segmentSize;
    private int length;
    private int packets;
    private int nextSequence;
    private boolean dontFragment;

    /** Nothing may be put behind what ends with a shorter packet, or one with PSH. */
    private boolean closed;

    boolean isEmpty() {
        return packets == 0;
    }

    boolean isClosed() {
        return closed;
    }

    void begin(Candidate first) {
        ipv4 = first.ipv4;
        protocol = first.protocol;
        hash = first.hash;
        upper = first.upper;
        headersLength = first.headersLength;
        segmentSize = first.dataLength;
        length = first.length;
        packets = 1;
        nextSequence = first.sequence + first.dataLength;
        dontFragment = first.dontFragment();
        closed = false;
        System.arraycopy(first.octets, first.at, headers, 0, headersLength);
        octets.put(VirtioNetHeader.SIZE, first.octets, first.at, length);
    }

    /** Whether {@code other} is of this train's flow. */
    boolean isFlowOf(Candidate other) {
        int addresses = ipv4 ? 12 : 8;
        return packets > 0
                && hash == other.hash
                && protocol == other.protocol
                && ipv4 == other.ipv4
                && Arrays.equals(
                        headers, addresses, upper + 4, other.octets, other.at + addresses, other.at + upper + 4);
    }

    /** Puts {@code next}, which is of this flow, behind the others, if it is what comes next and is like them. */
    boolean append(Candidate next) {
        if (closed
                || next.headersLength != headersLength
                || next.dataLength > segmentSize
                || length + next.dataLength > LONGEST
                || !isLike(next)) {
            return false;
        }
        octets.put(VirtioNetHeader.SIZE + length, next.octets, next.at + headersLength, next.dataLength);
        length += next.dataLength;
        nextSequence += next.dataLength;
        packets++;
        boolean full = protocol == Candidate.UDP && packets == MOST_UDP;
        closed = next.push || next.dataLength < segmentSize || full;
        if (next.push) {
            headers[upper + 13] = next.octets[next.at + upper + 13];
        }
        return true;
    }

    private boolean isLike(Candidate next) {
        byte[] other = next.octets;
        int at = next.at;
        boolean sameIp = ipv4
                ? headers[1] == other[at + 1]
                        && headers[8] == other[at + 8]
                        && next.dontFragment() == dontFragment
                        && (dontFragment || Octets.u16(other, at + 4) == ((Octets.u16(headers, 4) + packets) & 0xffff))
                : Octets.s32(headers, 0) == Octets.s32(other, at) && headers[7] == other[at + 7];
        if (!sameIp || protocol == Candidate.UDP) {
            return sameIp;
        }
        int tcp = at + upper;
        return next.sequence == nextSequence
                && Octets.s32(headers, upper + 8) == Octets.s32(other, tcp + 8)
                && Octets.u16(headers, upper + 14) == Octets.u16(other, tcp + 14)
                && Arrays.equals(headers, upper + 20, headersLength, other, tcp + 20, tcp + headersLength - upper);
    }

    /** Hands it over as one packet, and is empty again. */
    void leave(PacketSink sink) {
        boolean tcp = protocol == Candidate.TCP;
        if (packets > 1) {
            completeHeaders(tcp);
            int type = tcp ? ipv4 ? VirtioNetHeader.GSO_TCPV4 : VirtioNetHeader.GSO_TCPV6 : VirtioNetHeader.GSO_UDP_L4;
            VirtioNetHeader.put(
                    virtio,
                    VirtioNetHeader.NEEDS_CSUM,
                    type,
                    headersLength,
                    segmentSize,
                    upper,
                    tcp ? TCP_CHECKSUM : UDP_CHECKSUM);
        } else {
            VirtioNetHeader.put(virtio, 0, VirtioNetHeader.GSO_NONE, 0, 0, 0, 0);
        }
        octets.put(0, virtio);
        sink.write(octets.limit(VirtioNetHeader.SIZE + length).position(0));
        octets.clear();
        packets = 0;
    }

    /** Lengths for the whole, and the pseudo-header's sum where the checksum belongs. */
    private void completeHeaders(boolean tcp) {
        int size = length - upper;
        if (ipv4) {
            Octets.put16(headers, 2, length);
            Checksum.completeIpv4(headers, 0, upper);
        } else {
            Octets.put16(headers, 4, size);
        }
        if (!tcp) {
            Octets.put16(headers, upper + 4, size);
        }
        int sum = Checksum.fold(Checksum.pseudoHeader(headers, 0, ipv4, protocol, size));
        Octets.put16(headers, upper + (tcp ? TCP_CHECKSUM : UDP_CHECKSUM), sum);
        octets.put(VirtioNetHeader.SIZE, headers, 0, headersLength);
    }
}
