package org.ikev2d.daemon;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.daemon.control.ControlledDaemon;
import org.ikev2d.daemon.control.DaemonStatus;
import org.ikev2d.daemon.control.NicRule;
import org.ikev2d.daemon.control.Warning;
import org.ikev2d.daemon.loop.EngineHost;
import org.ikev2d.daemon.loop.MonoClock;
import org.ikev2d.daemon.observe.StatusBoard;

/**
 * What operators may see and move. Looks at the board and at the kernel, never at the engine.
 *
 * @param dataPlane whose counters are for the control thread alone
 */
record Controls(
        DaemonStatus status,
        StatusBoard board,
        CpuWatch cpus,
        DataPlane dataPlane,
        Optional<NicSteering> steering,
        ExpiryWatch expiry,
        EngineHost engine,
        Reload reloading,
        Ending ending)
        implements ControlledDaemon {
    private static final Answer DONE = new Answer(true, "");

    @Override
    public List<TunnelStatus> tunnels() {
        return board.all();
    }

    @Override
    public SortedSet<CpuId> onlineCpus() {
        return cpus.latest().online();
    }

    @Override
    public Map<SaId, SaUsage> usage(Collection<SaId> states) {
        Map<SaId, SaUsage> usage = new HashMap<>();
        for (SaId state : states) {
            read(state).ifPresent(found -> usage.put(state, found));
        }
        return usage;
    }

    /** A status without a counter is better than none. */
    private Optional<SaUsage> read(SaId state) {
        try {
            return dataPlane.counters().usage(state);
        } catch (KernelException e) {
            return Optional.empty();
        }
    }

    @Override
    public Map<String, Long> dropped() {
        return dataPlane.dropped();
    }

    @Override
    public List<NicRule> nicRules(SaId inbound) {
        return steering.map(nics -> nics.rulesOf(inbound)).orElse(List.of());
    }

    @Override
    public List<Warning> warnings(String tunnel) {
        return expiry.warnings(tunnel);
    }

    @Override
    public long epochSeconds(MonoTime time) {
        return Instant.now().minus(MonoClock.now().since(time)).getEpochSecond();
    }

    @Override
    public CompletableFuture<Answer> up(String tunnel) {
        return engine.up(tunnel).thenApply(Controls::answer);
    }

    @Override
    public CompletableFuture<Answer> down(String tunnel) {
        return engine.down(tunnel).thenApply(Controls::answer);
    }

    @Override
    public CompletableFuture<Answer> rekey(String tunnel) {
        return engine.rekey(tunnel).thenApply(Controls::answer);
    }

    @Override
    public CompletableFuture<Answer> rekeyIke(String tunnel) {
        return engine.rekeyIke(tunnel).thenApply(Controls::answer);
    }

    @Override
    public CompletableFuture<Answer> reload() {
        return reloading.run();
    }

    @Override
    public CompletableFuture<Answer> stop(boolean keep) {
        return ending.begin(keep).thenApply(exitCode -> DONE);
    }

    private static Answer answer(Output.Reply reply) {
        return new Answer(reply.ok(), reply.text());
    }
}
