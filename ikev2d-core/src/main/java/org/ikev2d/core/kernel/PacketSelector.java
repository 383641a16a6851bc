package org.ikev2d.core.kernel;

import org.ikev2d.core.net.IpAddress;

/**
 * What a policy matches, in the kernel's own shape (struct xfrm_selector): prefixes and masked ports.
 *
 * @param ipProtocol 0 for any
 * @param sourcePortMask 0 matches every port
 */
public record PacketSelector(
        IpAddress source,
        int sourcePrefix,
        IpAddress destination,
        int destinationPrefix,
        int ipProtocol,
        int sourcePort,
        int sourcePortMask,
        int destinationPort,
        int destinationPortMask) {
    /** The same traffic seen from the other direction. */
    public PacketSelector reversed() {
        return new PacketSelector(
                destination,
                destinationPrefix,
                source,
                sourcePrefix,
                ipProtocol,
                destinationPort,
                destinationPortMask,
                sourcePort,
                sourcePortMask);
    }
}
