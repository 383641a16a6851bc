package org.ikev2d.core.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.tunnel.IkeEngine;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.Gateway;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.World;

/** A gateway with the real engine, and what is expected of it. */
final class End {
    private final World world;
    private final Gateway gateway;
    private List<TunnelPolicy> tunnels = List.of();
    private UnaryOperator<EnginePolicy> tuning = UnaryOperator.identity();

    End(World world, String name, Cpus cpus, TunnelDraft draft) {
        this.world = world;
        this.gateway = world.gateway(
                name,
                draft.local(),
                cpus,
                (online, kernel, algorithms, entropy) ->
                        new IkeEngine(tuning.apply(EnginePolicy.of(tunnels)), online, kernel, algorithms, entropy));
        configure(draft);
    }

    /** From the next start on. */
    End configure(TunnelDraft... drafts) {
        tunnels = Arrays.stream(drafts).map(TunnelDraft::policy).toList();
        tunnels.forEach(tunnel -> TunnelDraft.secrets(tunnel.credentials()).forEach(gateway::lends));
        return this;
    }

    /**
     * From now on, while it runs; what was lent before is closed.
     *
     * @return the ticket of the answer
     */
    long reconfigure(TunnelDraft... drafts) {
        List<TunnelPolicy> before = tunnels;
        configure(drafts);
        long ticket = gateway.reconfigure(tuning.apply(EnginePolicy.of(tunnels)));
        before.forEach(tunnel -> tunnel.credentials().close());
        return ticket;
    }

    /** From the next start on. */
    End tune(UnaryOperator<EnginePolicy> change) {
        tuning = change;
        return this;
    }

    Gateway gateway() {
        return gateway;
    }

    FakeKernel kernel() {
        return gateway.kernel();
    }

    End start() {
        gateway.start();
        return this;
    }

    TunnelStatus status() {
        return status("t");
    }

    TunnelStatus status(String tunnel) {
        return gateway.status(tunnel)
                .orElseThrow(() -> new AssertionError(gateway + " has told nothing of tunnel " + tunnel));
    }

    List<ChildStatus> children() {
        return gateway.status("t").map(TunnelStatus::children).orElse(List.of());
    }

    boolean isUp() {
        return gateway.status("t")
                .filter(status -> status.state() == TunnelStatus.State.UP)
                .isPresent();
    }

    int perCpu() {
        return (int) children().stream()
                .filter(child -> child.kind() == ChildKind.PER_CPU)
                .count();
    }

    /** CPUs that have an SA of their own. */
    Set<CpuId> covered() {
        return children().stream()
                .flatMap(child -> child.cpu().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean coversAll() {
        return covered().containsAll(gateway.cpus().online());
    }

    String lastError() {
        return gateway.status("t")
                .flatMap(TunnelStatus::lastError)
                .map(error -> error.code() + ": " + error.text())
                .orElse("");
    }

    /** Whether any outbound policy asks per CPU. */
    boolean asksPerCpu() {
        return kernel().policies().stream().anyMatch(PolicySpec::cpuAcquire);
    }

    List<PolicySpec> policies(Direction direction) {
        return kernel().policies().stream()
                .filter(policy -> policy.id().direction() == direction)
                .toList();
    }

    /** The kernel holds the SAs that the status names, all of them whole, and no other. */
    void expectKernelAsTold() {
        Set<String> told = new TreeSet<>();
        for (ChildStatus child : children()) {
            told.add("IN " + child.inbound().spi()
                    + child.cpu().map(cpu -> " cpu " + cpu).orElse(""));
            told.add("OUT " + child.outbound().spi()
                    + child.cpu().map(cpu -> " cpu " + cpu).orElse(""));
        }
        Set<String> held = new TreeSet<>();
        for (InstalledSa sa : kernel().sas()) {
            held.add((sa.larval() ? "larval " : "") + sa.direction().orElseThrow() + " "
                    + sa.id().spi() + sa.cpu().map(cpu -> " cpu " + cpu).orElse(""));
        }
        world.expect(told.equals(held), gateway + " tells of " + told + ", but its kernel holds " + held);
    }

    @Override
    public String toString() {
        return gateway.toString();
    }
}
