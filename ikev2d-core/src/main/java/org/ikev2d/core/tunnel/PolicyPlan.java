package org.ikev2d.core.tunnel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.PolicySpec.Action;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.SelectorSplit;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.ChildSa;

/**
 * The policies that a tunnel should have. They stand as long as the daemon runs, so that its traffic never leaves in the
 * clear: without an SA it waits or is dropped.
 */
final class PolicyPlan {
    /** Below what other daemons use for a network to a network, so that ours win among equals; see {@link #priority}. */
    private static final int BASE_PRIORITY = 380_000;

    private static final int PER_PREFIX_BIT = 500;

    private final TunnelPolicy tunnel;
    private final List<PacketSelector> configured;
    private final Action protect;
    private final List<Direction> inbound;

    PolicyPlan(TunnelPolicy tunnel) {
        this(tunnel, SelectorSplit.splitAll(tunnel.localSelectors(), tunnel.remoteSelectors()));
    }

    private PolicyPlan(TunnelPolicy tunnel, List<PacketSelector> configured) {
        this.tunnel = tunnel;
        this.configured = configured;
        boolean transport = tunnel.mode() == EspMode.TRANSPORT;
        this.protect = transport ? Action.TRANSPORT : Action.TUNNEL;
        // Nothing is forwarded between the ends themselves.
        this.inbound = transport ? List.of(Direction.IN) : List.of(Direction.IN, Direction.FORWARD);
    }

    /** For a tunnel that is configured no more. */
    PolicyPlan ofNothing() {
        return new PolicyPlan(tunnel, List.of());
    }

    /** While there is no SA: all that is configured asks for one. */
    List<PolicySpec> waiting() {
        return expand(configured, tunnel.reqId(), tunnel.remote(), protect, false);
    }

    /** While no daemon runs: nothing that is configured passes. */
    List<PolicySpec> blocking() {
        return expand(configured, tunnel.reqId().holding(), tunnel.remote(), Action.BLOCK, false);
    }

    /** While {@code left} of an earlier run still carries the traffic: as it was, but nothing asks per CPU. */
    List<PolicySpec> adopted(List<PolicySpec> left) {
        Map<PolicyId, PolicySpec> policies = new LinkedHashMap<>();
        left.forEach(policy -> policies.put(policy.id(), policy.withCpuAcquire(false)));
        waiting().forEach(policy -> policies.putIfAbsent(policy.id(), policy));
        return List.copyOf(policies.values());
    }

    /**
     * While {@code child} carries the traffic, to wherever the peer is; what is configured beyond its selectors is held
     * back.
     */
    List<PolicySpec> carrying(ChildSa child, boolean cpuAcquire) {
        List<PolicySpec> policies = new ArrayList<>(expand(
                SelectorSplit.splitAll(child.localSelectors(), child.remoteSelectors()),
                tunnel.reqId(),
                child.outbound().destination(),
                protect,
                cpuAcquire));
        policies.addAll(expand(configured, tunnel.reqId().holding(), tunnel.remote(), protect, false));
        return policies;
    }

    private List<PolicySpec> expand(
            List<PacketSelector> outbound, ReqId reqId, IpAddress remote, Action action, boolean cpuAcquire) {
        List<PolicySpec> policies = new ArrayList<>();
        for (PacketSelector selector : outbound) {
            PacketSelector back = selector.reversed();
            policies.add(new PolicySpec(
                    new PolicyId(Direction.OUT, selector),
                    reqId,
                    tunnel.local(),
                    remote,
                    priority(selector),
                    cpuAcquire,
                    action));
            for (Direction direction : inbound) {
                policies.add(new PolicySpec(
                        new PolicyId(direction, back),
                        reqId,
                        remote,
                        tunnel.local(),
                        priority(selector),
                        false,
                        action));
            }
        }
        return policies;
    }

    /** The narrower, the lower, and so the sooner: by prefixes first, then by protocol and ports. */
    private static int priority(PacketSelector selector) {
        int addressBits = selector.sourcePrefix() + selector.destinationPrefix();
        int portBits = Integer.bitCount(selector.sourcePortMask()) + Integer.bitCount(selector.destinationPortMask());
        return BASE_PRIORITY - PER_PREFIX_BIT * addressBits - 2 * portBits - (selector.ipProtocol() == 0 ? 0 : 1);
    }
}
