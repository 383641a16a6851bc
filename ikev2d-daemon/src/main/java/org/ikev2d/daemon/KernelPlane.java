package org.ikev2d.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.daemon.net.BypassPolicies;
import org.ikev2d.daemon.net.PortPlan;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.xfrm.Capabilities;
import org.ikev2d.xfrm.Capabilities.Capability;
import org.ikev2d.xfrm.codec.SocketPolicy;
import org.ikev2d.xfrm.system.CpuLists;

/** The kernel's XFRM: what it can do, what follows from what it cannot, and the open sockets to it. */
final class KernelPlane implements DataPlane {
    private final Capabilities kernel;
    private final String why;
    private Optional<KernelSide> side = Optional.empty();

    /** @param why it is this one */
    KernelPlane(Capabilities kernel, String why) {
        this.kernel = kernel;
        this.why = why;
    }

    @Override
    public Facts facts() {
        return new Facts("kernel", why, "cpu", can(), cannot(), summary());
    }

    /** Why there is no use in running at all; empty: there is. */
    Optional<String> refusal() {
        return Stream.of(kernel.xfrm(), kernel.netAdmin())
                .filter(needed -> !needed.isThere())
                .findFirst()
                .map(missing -> "cannot use the kernel's IPsec: no " + missing.name() + ": " + missing.missing());
    }

    @Override
    public boolean steersNics() {
        return hasPerCpuStates();
    }

    private boolean hasPerCpuStates() {
        return kernel.saDirection().isThere() && kernel.saCpu().isThere();
    }

    private List<String> can() {
        return kernel.all().stream()
                .filter(Capability::isThere)
                .map(Capability::name)
                .toList();
    }

    private List<String> cannot() {
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

    @Override
    public EnginePolicy fit(EnginePolicy policy) {
        return hasPerCpuStates()
                ? policy
                : policy.withTunnels(policy.tunnels().stream()
                        .map(KernelPlane::withoutQueues)
                        .toList());
    }

    private static TunnelPolicy withoutQueues(TunnelPolicy tunnel) {
        QueuePolicy queues = tunnel.queues();
        return tunnel.withQueues(new QueuePolicy(
                OptionalInt.of(0),
                QueuePolicy.Mode.EAGER,
                queues.dialect(),
                OptionalInt.of(0),
                Duration.ZERO,
                queues.numQueuesType(),
                queues.queueInfoType()));
    }

    @Override
    public PortPlan ports(EnginePolicy policy) {
        return new PortPlan(
                policy.tunnels().stream().map(TunnelPolicy::local).toList(),
                policy.ikePort(),
                policy.natPort(),
                kernel.esp4().isThere(),
                kernel.esp6().isThere(),
                bypass(),
                Optional.empty());
    }

    private static BypassPolicies bypass() {
        return new BypassPolicies(
                List.of(SocketPolicy.bypass(true, Direction.IN), SocketPolicy.bypass(true, Direction.OUT)),
                List.of(SocketPolicy.bypass(false, Direction.IN), SocketPolicy.bypass(false, Direction.OUT)));
    }

    private String summary() {
        return kernel.summary() + (hasPerCpuStates() ? "" : "; every tunnel has one ordinary Child SA");
    }

    @Override
    public Cpus cpus() throws IOException {
        return CpuLists.read();
    }

    @Override
    public void open(UdpPorts ports) throws KernelException {
        side = Optional.of(KernelSide.open());
    }

    @Override
    public Kernel states() {
        return side.orElseThrow().states();
    }

    @Override
    public Kernel counters() {
        return side.orElseThrow().counters();
    }

    @Override
    public void listen(Consumer<KernelEvent> listener) {
        side.orElseThrow().events().start(listener);
    }

    @Override
    public boolean outlivesTheDaemon() {
        return true;
    }

    @Override
    public void leave(boolean keep, Map<ReqId, OnStop> tunnels) throws KernelException {
        KernelSide.leave(keep, tunnels);
    }

    @Override
    public void close() {
        side.ifPresent(KernelSide::close);
    }
}
