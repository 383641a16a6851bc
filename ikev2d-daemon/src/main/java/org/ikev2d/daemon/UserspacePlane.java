package org.ikev2d.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.policy.EnginePolicy;
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
        return userspace.traits().udpOnly().isEmpty()
                ? policy
                : policy.withTunnels(policy.tunnels().stream()
                        .map(TunnelPolicy::withForcedEncapsulation)
                        .toList());
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
