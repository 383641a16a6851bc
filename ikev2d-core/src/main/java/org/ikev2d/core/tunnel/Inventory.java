package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.Workbench;

/**
 * Holds what the kernel has of ours against what the tunnels know: at the start, when an earlier run may have left
 * something, and whenever events were lost. A kernel that will not list it is asked again.
 */
final class Inventory {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Workbench bench;
    private final Collection<Tunnel> tunnels;

    /** Policies of ours that belong to no tunnel. */
    private final PolicyTable strangers;

    private Optional<MonoTime> againAt = Optional.empty();

    Inventory(Workbench bench, Collection<Tunnel> tunnels, PolicyHolders holders) {
        this.bench = bench;
        this.tunnels = tunnels;
        this.strangers = new PolicyTable(bench, "", holders);
    }

    /** At the start, before any tunnel begins: SPIs that somebody reserved before us are given back, too. */
    void first() {
        take(true);
    }

    void again() {
        take(false);
    }

    private void take(boolean first) {
        List<PolicySpec> policies;
        List<InstalledSa> states;
        try {
            policies = bench.kernel().installedPolicies();
            states = bench.kernel().installedSas();
        } catch (KernelException e) {
            bench.tell(Event.Level.WARN, "", "kernel-refused", e.getMessage() + "; it is asked again");
            againAt = Optional.of(bench.now().plus(AGAIN));
            return;
        }
        againAt = Optional.empty();
        states.stream().filter(left -> isUnknown(left, first)).forEach(this::dispose);
        Set<SaId> present = states.stream().map(InstalledSa::id).collect(Collectors.toSet());
        for (Tunnel tunnel : tunnels) {
            tunnel.policiesAre(policies.stream()
                    .filter(found -> tunnel.dataPath().owns(found.reqId()))
                    .toList());
            tunnel.statesGone(id -> !present.contains(id));
        }
        strangers.found(policies.stream()
                .filter(found ->
                        tunnels.stream().noneMatch(tunnel -> tunnel.dataPath().owns(found.reqId())))
                .toList());
        strangers.sync(List.of(), false);
    }

    /** A reservation is unknown only at the start: later on it is a tunnel's that is about to use it. */
    private boolean isUnknown(InstalledSa left, boolean first) {
        return left.larval()
                ? first
                : !bench.removals().lingers(left.id()) && tunnels.stream().noneMatch(tunnel -> tunnel.knows(left.id()));
    }

    private void dispose(InstalledSa left) {
        Optional<Tunnel> owner = left.larval()
                ? Optional.empty()
                : tunnels.stream()
                        .filter(tunnel -> tunnel.dataPath().owns(left.reqId()))
                        .findFirst();
        if (owner.isPresent() && !bench.removals().awaits(left.id())) {
            owner.get().dataPath().adopt(left);
        } else {
            bench.removals().remove(left.id(), "");
        }
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(againAt, strangers.due()));
    }

    void onTime() {
        strangers.onTime();
        if (Deadlines.isDue(againAt, bench.now())) {
            again();
        }
    }
}
