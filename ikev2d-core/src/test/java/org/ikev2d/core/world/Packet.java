package org.ikev2d.core.world;

import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.net.IpAddress;

/**
 * A packet of the protected traffic.
 *
 * @param ipProtocol 1 to 255
 * @param sourcePort 0 where the protocol has none
 * @param size octets
 */
public record Packet(
        IpAddress source, IpAddress destination, int ipProtocol, int sourcePort, int destinationPort, int size) {
    private static final int UDP = 17;

    public static Packet udp(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        return new Packet(source, destination, UDP, sourcePort, destinationPort, 100);
    }

    /** The selector of this packet alone, as an ACQUIRE tells it. */
    public PacketSelector selector() {
        return new PacketSelector(
                source,
                source.bits(),
                destination,
                destination.bits(),
                ipProtocol,
                sourcePort,
                0xffff,
                destinationPort,
                0xffff);
    }

    boolean matches(PacketSelector selector) {
        return inPrefix(source, selector.source(), selector.sourcePrefix())
                && inPrefix(destination, selector.destination(), selector.destinationPrefix())
                && (selector.ipProtocol() == 0 || selector.ipProtocol() == ipProtocol)
                && ((sourcePort ^ selector.sourcePort()) & selector.sourcePortMask()) == 0
                && ((destinationPort ^ selector.destinationPort()) & selector.destinationPortMask()) == 0;
    }

    private static boolean inPrefix(IpAddress address, IpAddress prefix, int bits) {
        if (address.isIpv4() != prefix.isIpv4()) {
            return false;
        }
        for (int octet = 0; 8 * octet < bits; octet++) {
            int mask = 0xff00 >> Math.min(8, bits - 8 * octet) & 0xff;
            if (((address.octets().at(octet) ^ prefix.octets().at(octet)) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return source + ":" + sourcePort + ">" + destination + ":" + destinationPort + "/" + ipProtocol;
    }
}
