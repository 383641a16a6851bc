package org.ikev2d.daemon;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.daemon.net.BypassPolicies;
import org.ikev2d.daemon.net.PortPlan;
import org.ikev2d.xfrm.Capabilities;
import org.ikev2d.xfrm.Capabilities.Capability;
import org.ikev2d.xfrm.codec.SocketPolicy;

/** What the kernel that carries the packets can do, and what follows from what it cannot. */
record DataPlane(Capabilities kernel) {
    static final String NAME = "kernel";

    /** Why there is no use in running at all; empty: there is. */
    Optional<String> refusal() {
        return Stream.of(kernel.xfrm(), kernel.netAdmin())
                .filter(needed -> !needed.isThere())
                .findFirst()
                .map(missing -> "cannot use the kernel's IPsec: no " + missing.name() + ": " + missing.missing());
    }

    boolean hasPerCpuStates() {
        return kernel.saDirection().isThere() && kernel.saCpu().isThere();
    }

    /** A few words for each thing that is there. */
    List<String> can() {
        return kernel.all().stream()
                .filter(Capability::isThere)
                .map(Capability::name)
                .toList();
    }

    /** A line for each thing that is missing: why, and what follows. */
    List<String> cannot() {
        return Stream.of(
                        lack(kernel.xfrm(), "nothing works"),
                        lack(kernel.netAdmin(), "nothing works"),
                        lack(kernel.esp4(), "no Child SA between IPv4 gateways can be installed"),
                        lack(kernel.esp6(), "no Child SA between IPv6 gateways can be installed"),
                        lack(kernel.saDirection(), "states do not say their direction"),
                        lack(kernel.saCpu(), "every tunnel has one ordinary Child SA, as with queues = 0"))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> lack(Capability capability, String consequence) {
        return capability.isThere()
                ? Optional.empty()
                : Optional.of("no " + capability.name() + ": " + consequence + " (" + capability.missing() + ")");
    }

    /** What of {@code policy} can be had here. */
    EnginePolicy fit(EnginePolicy policy) {
        return hasPerCpuStates()
                ? policy
                : policy.withTunnels(
                        policy.tunnels().stream().map(DataPlane::withoutQueues).toList());
    }

    private static TunnelPolicy withoutQueues(TunnelPolicy tunnel) {
        QueuePolicy queues = tunnel.queues();
        return tunnel.withQueues(new QueuePolicy(
                OptionalInt.of(0),
                QueuePolicy.Mode.EAGER,
                queues.dialect(),
                OptionalInt.of(0),
                queues.numQueuesType(),
                queues.queueInfoType()));
    }

    /** Two ports for each local address of {@code policy}. */
    PortPlan ports(EnginePolicy policy) {
        return new PortPlan(
                policy.tunnels().stream().map(TunnelPolicy::local).toList(),
                policy.ikePort(),
                policy.natPort(),
                kernel.esp4().isThere(),
                kernel.esp6().isThere(),
                bypass());
    }

    private static BypassPolicies bypass() {
        return new BypassPolicies(
                List.of(SocketPolicy.bypass(true, Direction.IN), SocketPolicy.bypass(true, Direction.OUT)),
                List.of(SocketPolicy.bypass(false, Direction.IN), SocketPolicy.bypass(false, Direction.OUT)));
    }

    /** All of it in one line. */
    String summary() {
        return kernel.summary() + (hasPerCpuStates() ? "" : "; every tunnel has one ordinary Child SA");
    }
}
