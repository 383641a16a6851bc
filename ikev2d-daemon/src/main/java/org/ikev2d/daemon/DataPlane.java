package org.ikev2d.daemon;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.daemon.net.PortPlan;
import org.ikev2d.daemon.net.UdpPorts;

/** What carries the packets: the kernel, or the daemon itself. The engine does not know which. */
interface DataPlane extends AutoCloseable {
    /**
     * What operators are told.
     *
     * @param name {@code kernel} or {@code userspace}
     * @param why this one
     * @param unit what each SA of a set is for: {@code cpu} or {@code queue}
     * @param can a few words for each thing that is there
     * @param cannot a line for each thing that is missing: why, and what follows
     * @param summary all of it in one line
     */
    record Facts(String name, String why, String unit, List<String> can, List<String> cannot, String summary) {}

    Facts facts();

    /** What of {@code policy} can be had here. */
    EnginePolicy fit(EnginePolicy policy);

    /** Why it cannot go on with {@code next} in the place of {@code before}; empty: it can. */
    default Optional<String> obstacle(EnginePolicy before, EnginePolicy next) {
        return Optional.empty();
    }

    /** Two ports for each local address of {@code policy}. */
    PortPlan ports(EnginePolicy policy);

    /** What there can be an SA each for. */
    Cpus cpus() throws IOException;

    /** Begins to work; {@code ports} are bound, and nothing is read from them yet. Once. */
    void open(UdpPorts ports) throws IOException, KernelException;

    /** For the engine's thread alone. */
    Kernel states();

    /** For the control thread alone, so that a status waits for nobody. */
    Kernel counters();

    /** Packets that went no further, by reason; only what this data plane counts itself. */
    default Map<String, Long> dropped() {
        return Map.of();
    }

    /** Begins to tell what happens unasked. Once; {@code listener} does not wait, and any thread calls it. */
    void listen(Consumer<KernelEvent> listener);

    /** Whether it has SAs for single CPUs in the kernel, so that it matters which queue of a NIC a packet comes in by. */
    default boolean steersNics() {
        return false;
    }

    /** Whether SAs and policies can be left to a successor. */
    boolean outlivesTheDaemon();

    /**
     * Leaves everything as it is to be while no daemon runs; any thread.
     *
     * @param keep whether a successor is to find the states and policies
     * @param tunnels by the even reqid of their pairs
     */
    void leave(boolean keep, Map<ReqId, OnStop> tunnels) throws KernelException;

    @Override
    void close();
}
