package org.ikev2d.daemon.net;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;

/**
 * What lets IKE's own datagrams past every IPsec policy: values for IP_XFRM_POLICY and IPV6_XFRM_POLICY, each a {@code
 * struct xfrm_userpolicy_info} of 168 octets, one for each direction.
 */
public record BypassPolicies(List<Bytes> ipv4, List<Bytes> ipv6) {
    /** For sockets that no policy can concern. */
    public static final BypassPolicies NONE = new BypassPolicies(List.of(), List.of());

    static final int OCTETS = 168;

    public BypassPolicies {
        ipv4 = List.copyOf(ipv4);
        ipv6 = List.copyOf(ipv6);
        for (List<Bytes> family : List.of(ipv4, ipv6)) {
            for (Bytes policy : family) {
                if (policy.size() != OCTETS) {
                    throw new IllegalArgumentException("a socket policy of " + policy.size() + " octets");
                }
            }
        }
    }
}
