package org.ikev2d.xfrm.userspace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.net.IpAddress;

/**
 * What policies look at in a packet, as the kernel's do: addresses, protocol and ports; of ICMP type and code in the
 * place of ports, of fragments behind the first neither. One is used for many packets; for one thread.
 */
final class Flow {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    private static final int HOP_BY_HOP = 0;
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int ICMPV6 = 58;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int SCTP = 132;
    private static final int DCCP = 33;
    private static final int UDP_LITE = 136;

    /** Of IPv4 in the low half of the low one. */
    long sourceHigh;

    long sourceLow;
    long destinationHigh;
    long destinationLow;
    boolean ipv4;
    int protocol;
    int sourcePort;
    int destinationPort;

    /** DSCP and ECN. */
    int tos;

    /** IPv6 packets are never cut on their way. */
    boolean dontFragment;

    /** Octets that the packet says it has. */
    int length;

    /**
     * Reads the headers of the packet that is at {@code from}.
     *
     * @param size octets that there are
     * @return false when it is no packet of IPv4 or IPv6, or is cut off
     */
    boolean read(byte[] octets, int from, int size) {
        int version = size < IPV4_HEADER ? 0 : octets[from] >> 4 & 0xf;
        return switch (version) {
            case 4 -> readIpv4(octets, from, size);
            case 6 -> size >= IPV6_HEADER && readIpv6(octets, from, size);
            default -> false;
        };
    }

    private boolean readIpv4(byte[] octets, int from, int size) {
        int header = (octets[from] & 0xf) * 4;
        length = u16(octets, from + 2);
        if (header < IPV4_HEADER || length < header || length > size) {
            return false;
        }
        ipv4 = true;
        tos = octets[from + 1] & 0xff;
        int fragment = u16(octets, from + 6);
        dontFragment = (fragment & 0x4000) != 0;
        protocol = octets[from + 9] & 0xff;
        sourceHigh = 0;
        sourceLow = (int) INT.get(octets, from + 12) & 0xffff_ffffL;
        destinationHigh = 0;
        destinationLow = (int) INT.get(octets, from + 16) & 0xffff_ffffL;
        readPorts(octets, from + header, from + ((fragment & 0x1fff) == 0 ? length : 0));
        return true;
    }

    private boolean readIpv6(byte[] octets, int from, int size) {
        length = IPV6_HEADER + u16(octets, from + 4);
        if (length > size) {
            return false;
        }
        ipv4 = false;
        tos = (int) INT.get(octets, from) >> 20 & 0xff;
        dontFragment = true;
        sourceHigh = (long) LONG.get(octets, from + 8);
        sourceLow = (long) LONG.get(octets, from + 16);
        destinationHigh = (long) LONG.get(octets, from + 24);
        destinationLow = (long) LONG.get(octets, from + 32);
        protocol = octets[from + 6] & 0xff;
        int at = from + IPV6_HEADER;
        int end = from + length;
        while (isExtension(protocol) && at + 8 <= end) {
            if (protocol == FRAGMENT && (u16(octets, at + 2) & 0xfff8) != 0) {
                end = 0;
            }
            int next = octets[at] & 0xff;
            at += protocol == FRAGMENT ? 8 : 8 * (1 + (octets[at + 1] & 0xff));
            protocol = next;
        }
        readPorts(octets, at, end);
        return true;
    }

    private static boolean isExtension(int protocol) {
        return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT || protocol == DESTINATION_OPTIONS;
    }

    private void readPorts(byte[] octets, int at, int end) {
        sourcePort = 0;
        destinationPort = 0;
        switch (protocol) {
            case TCP, UDP, SCTP, DCCP, UDP_LITE -> {
                if (at + 4 <= end) {
                    sourcePort = u16(octets, at);
                    destinationPort = u16(octets, at + 2);
                }
            }
            case ICMP, ICMPV6 -> {
                if (at + 2 <= end) {
                    sourcePort = octets[at] & 0xff;
                    destinationPort = octets[at + 1] & 0xff;
                }
            }
            default -> {}
        }
    }

    private static int u16(byte[] octets, int at) {
        return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
    }

    /** The packet's own selector, as an ACQUIRE of the kernel's has it. */
    PacketSelector selector() {
        int prefix = ipv4 ? 32 : 128;
        return new PacketSelector(
                address(sourceHigh, sourceLow),
                prefix,
                address(destinationHigh, destinationLow),
                prefix,
                protocol,
                sourcePort,
                sourcePort == 0 ? 0 : 0xffff,
                destinationPort,
                destinationPort == 0 ? 0 : 0xffff);
    }

    private IpAddress address(long high, long low) {
        byte[] octets = new byte[ipv4 ? 4 : 16];
        if (ipv4) {
            INT.set(octets, 0, (int) low);
        } else {
            LONG.set(octets, 0, high);
            LONG.set(octets, 8, low);
        }
        return new IpAddress(Bytes.wrap(octets));
    }
}
