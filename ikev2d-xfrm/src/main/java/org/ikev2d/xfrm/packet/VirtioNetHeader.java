package org.ikev2d.xfrm.packet;

/**
 * {@code struct virtio_net_hdr} (linux/virtio_net.h), 10 octets, little endian as TUNSETVNETLE makes it: what the kernel
 * leaves to whom it hands a packet.
 *
 * <pre>
 *   __u8 flags; __u8 gso_type; __virtio16 hdr_len, gso_size, csum_start, csum_offset;
 * </pre>
 */
final class VirtioNetHeader {
    static final int SIZE = 10;

    /** The checksum field holds the pseudo-header's sum; the rest, from csum_start on, is to be added. */
    static final int NEEDS_CSUM = 1;

    static final int GSO_NONE = 0;
    static final int GSO_TCPV4 = 1;
    static final int GSO_TCPV6 = 4;
    static final int GSO_UDP_L4 = 5;

    /** A flag of gso_type: TCP with CWR set on its first segment alone. */
    static final int GSO_ECN = 0x80;

    private VirtioNetHeader() {}

    static int flags(byte[] octets, int at) {
        return octets[at] & 0xff;
    }

    /** Without {@link #GSO_ECN}. */
    static int gsoType(byte[] octets, int at) {
        return octets[at + 1] & 0xff & ~GSO_ECN;
    }

    static int gsoSize(byte[] octets, int at) {
        return little16(octets, at + 4);
    }

    static int checksumStart(byte[] octets, int at) {
        return little16(octets, at + 6);
    }

    static int checksumOffset(byte[] octets, int at) {
        return little16(octets, at + 8);
    }

    private static int little16(byte[] octets, int at) {
        return (octets[at] & 0xff) | (octets[at + 1] & 0xff) << 8;
    }

    /** Writes all of it. */
    static void put(byte[] octets, int flags, int gsoType, int headerLength, int gsoSize, int start, int offset) {
        octets[0] = (byte) flags;
        octets[1] = (byte) gsoType;
        putLittle16(octets, 2, headerLength);
        putLittle16(octets, 4, gsoSize);
        putLittle16(octets, 6, start);
        putLittle16(octets, 8, offset);
    }

    private static void putLittle16(byte[] octets, int at, int value) {
        octets[at] = (byte) value;
        octets[at + 1] = (byte) (value >> 8);
    }
}
