package org.ikev2d.xfrm.userspace;

import java.util.List;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.net.IpPrefix;

/** Brings what outbound policies match into the device, by routes that know how long packets may be. */
record RouteGuide(Routing routing, Paths paths) implements UserspaceKernel.Guide {
    /** What ESP of most suites adds at most, before it is known which. */
    private static final int USUAL_OVERHEAD = 100;

    @Override
    public void lead(Tables tables) throws KernelException {
        List<Way> ways =
                tables.outPolicies().stream().map(policy -> way(policy, tables)).toList();
        routing.lead(ways);
    }

    private Way way(PolicySpec policy, Tables tables) {
        PacketSelector selector = policy.id().selector();
        return new Way(
                policy.reqId().tunnel().value(),
                new IpPrefix(selector.source(), selector.sourcePrefix()),
                new IpPrefix(selector.destination(), selector.destinationPrefix()),
                tables.innerMtu(policy.reqId().tunnel())
                        .orElseGet(() -> paths.mtu(policy.source(), policy.destination()) - USUAL_OVERHEAD));
    }
}
