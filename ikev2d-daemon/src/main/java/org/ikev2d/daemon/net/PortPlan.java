package org.ikev2d.daemon.net;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.net.IpAddress;

/**
 * Which UDP ports to open, and how.
 *
 * @param addresses of ours; each gets two ports
 * @param ikePort 500; 0 for one that is free
 * @param natPort 4500; 0 for one that is free
 * @param ipv4Esp whether the kernel is to take the ESP that comes to an IPv4 NAT port (UDP_ENCAP); without ESP of its own
 *     it would only swallow it
 * @param ipv6Esp the same for IPv6
 * @param share with whom the NAT ports are shared
 */
public record PortPlan(
        List<IpAddress> addresses,
        int ikePort,
        int natPort,
        boolean ipv4Esp,
        boolean ipv6Esp,
        BypassPolicies bypass,
        Optional<PortShare> share) {
    public PortPlan {
        addresses = addresses.stream().distinct().toList();
    }

    /** Ports where there is IKE alone. */
    public static PortPlan ofIke(List<IpAddress> addresses, int ikePort, int natPort) {
        return new PortPlan(addresses, ikePort, natPort, false, false, BypassPolicies.NONE, Optional.empty());
    }
}
