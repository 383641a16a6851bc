package org.ikev2d.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.PathPolicy.Encap;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.daemon.net.BypassPolicies;
import org.ikev2d.daemon.net.PortPlan;
import org.ikev2d.daemon.net.PortShare;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.xfrm.userspace.Traits;
import org.ikev2d.xfrm.userspace.Userspace;

/** The daemon's own ESP, through a TUN device. Its SAs end with it. */
final class UserspacePlane implements DataPlane {
    private final Userspace userspace;
    private final String why;

    /** @param why it is this one */
    UserspacePlane(Userspace userspace, String why) {
        this.userspace = userspace;
        this.why = why;
    }

    @Override
    public Facts facts() {
        Traits traits = userspace.traits();
        String device = "TUN device " + traits.device() + " with " + traits.queues()
                + (traits.queues() == 1 ? " queue" : " queues");
        List<String> can = new ArrayList<>(List.of(device));
        List<String> cannot = new ArrayList<>();
        traits.flowSteering()
                .ifPresentOrElse(
                        because ->
                                cannot.add("no steering by CPU: a hash of the flow chooses the queue, and SAs are for"
                                        + " queues (" + because + ")"),
                        () -> can.add("steering by CPU"));
        can.add("ESP in UDP");
        traits.udpOnly()
                .ifPresentOrElse(
                        because -> cannot.add("no ESP without UDP: encapsulation is forced (" + because + ")"),
                        () -> can.add("ESP without UDP"));
        String summary = "the daemon carries the packets: " + why + "; " + String.join(", ", can)
                + (cannot.isEmpty() ? "" : "; " + String.join("; ", cannot));
        return new Facts("userspace", why, traits.flowSteering().isEmpty() ? "cpu" : "queue", can, cannot, summary);
    }

    @Override
    public EnginePolicy fit(EnginePolicy policy) {
        boolean udpOnly = userspace.traits().udpOnly().isPresent();
        // It sends from the ports that it listens on, and from no others.
        return policy.withTunnels(policy.tunnels().stream()
                .map(tunnel ->
                        udpOnly || tunnel.path().encap() == Encap.PER_QUEUE ? tunnel.withForcedEncapsulation() : tunnel)
                .toList());
    }

    /** The sockets that share the NAT ports are made at the start. */
    @Override
    public Optional<String> obstacle(EnginePolicy before, EnginePolicy next) {
        Set<IpAddress> bound =
                before.tunnels().stream().map(TunnelPolicy::local).collect(Collectors.toSet());
        Optional<String> address = next.tunnels().stream()
                .filter(tunnel -> !bound.contains(tunnel.local()))
                .map(tunnel -> "restart needed for local of tunnel " + tunnel.name()
                        + ": with ESP in user space, local addresses are taken at the start only")
                .findFirst();
        return address.or(() -> vainWish(next, why));
    }

    /** What {@code policy} wants left behind by a stop, and cannot have. */
    static Optional<String> vainWish(EnginePolicy policy, String why) {
        return policy.tunnels().stream()
                .filter(tunnel -> tunnel.onStop() == OnStop.DROP)
                .map(tunnel -> "tunnel " + tunnel.name()
                        + " has on_stop = \"drop\", but nothing in user space outlives the daemon, and " + why
                        + ": take it out and let a firewall do it, or use a kernel with ESP")
                .findFirst();
    }

    @Override
    public PortPlan ports(EnginePolicy policy) {
        return new PortPlan(
                policy.tunnels().stream().map(TunnelPolicy::local).toList(),
                policy.ikePort(),
                policy.natPort(),
                false,
                false,
                BypassPolicies.NONE,
                Optional.of(new Share()));
    }

    private final class Share implements PortShare {
        @Override
        public int mark() {
            return Userspace.mark();
        }

        @Override
        public void prepare(int descriptor) throws IOException {
            userspace.sharePort(descriptor);
        }
    }

    /** CPUs that come or go change nothing: there are as many queues as there were at the start. */
    @Override
    public Cpus cpus() {
        return userspace.traits().units();
    }

    /** What an earlier run left in the kernel would catch the packets first. */
    @Override
    public void open(UdpPorts ports) throws IOException, KernelException {
        List<Endpoint> natPorts = ports.natPorts();
        userspace.begin(natPorts);
    }

    @Override
    public Kernel states() {
        return userspace.kernel();
    }

    @Override
    public Kernel counters() {
        return userspace.kernel();
    }

    @Override
    public void listen(Consumer<KernelEvent> listener) {
        userspace.listen(listener);
    }

    @Override
    public boolean outlivesTheDaemon() {
        return false;
    }

    @Override
    public Map<String, Long> dropped() {
        return userspace.dropped();
    }

    /** Nothing is left when the process has ended. */
    @Override
    public void leave(boolean keep, Map<ReqId, OnStop> tunnels) {}

    @Override
    public void close() {
        userspace.close();
    }
}
