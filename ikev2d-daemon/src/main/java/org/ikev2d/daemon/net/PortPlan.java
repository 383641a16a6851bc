package org.ikev2d.daemon.net;

import java.util.List;
import org.ikev2d.core.net.IpAddress;

/**
 * Which UDP ports to open, and how.
 *
 * @param addresses of ours; each gets two ports
 * @param ikePort 500; 0 for one that is free
 * @param natPort 4500; 0 for one that is free
 * @param kernelEsp whether the kernel is to take the ESP that comes to the NAT port (UDP_ENCAP); on a kernel without ESP
 *     it would only swallow it
 */
public record PortPlan(List<IpAddress> addresses, int ikePort, int natPort, boolean kernelEsp, BypassPolicies bypass) {
    public PortPlan {
        addresses = addresses.stream().distinct().toList();
    }
}
