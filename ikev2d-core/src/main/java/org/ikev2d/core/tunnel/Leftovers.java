package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.sa.ChildSa;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.Workbench;

/**
 * ESP SAs of a tunnel whose IKE SA is no more: of a run that crashed, of a peer that began anew, of the other of two that
 * crossed. They carry traffic until there is a successor; then the outbound ones go at once, those of single CPUs first
 * (a per-CPU state beats a newer one for all), and the inbound ones after a grace time, for what is still under way.
 */
final class Leftovers {
    private static final Duration LONGEST_ORPHANED = Duration.ofMinutes(5);

    private final Workbench bench;
    private final String tunnel;
    private final List<InstalledSa> sas = new ArrayList<>();

    private Optional<MonoTime> graceUntil = Optional.empty();
    private Optional<MonoTime> orphanedUntil = Optional.empty();

    Leftovers(Workbench bench, String tunnel) {
        this.bench = bench;
        this.tunnel = tunnel;
    }

    /** Of an earlier run, of a tunnel to {@code remote}. */
    void adopt(InstalledSa left, IpAddress remote) {
        // An older kernel does not know directions: what leads to the peer is outbound.
        Direction direction =
                left.direction().orElse(left.id().destination().equals(remote) ? Direction.OUT : Direction.IN);
        sas.add(new InstalledSa(
                left.id(), left.source(), left.reqId(), Optional.of(direction), left.cpu(), left.larval()));
    }

    void add(ChildSa child, ReqId reqId) {
        sas.add(half(child.outbound(), child, reqId, Direction.OUT));
        sas.add(half(child.inbound(), child, reqId, Direction.IN));
    }

    private static InstalledSa half(SaId id, ChildSa child, ReqId reqId, Direction direction) {
        SaId other = direction == Direction.OUT ? child.inbound() : child.outbound();
        return new InstalledSa(id, other.destination(), reqId, Optional.of(direction), child.cpu(), false);
    }

    boolean contains(SaId id) {
        return sas.stream().anyMatch(sa -> sa.id().equals(id));
    }

    boolean carryOutbound() {
        return sas.stream().anyMatch(Leftovers::isOutbound);
    }

    /** The CPUs with outbound ones of their own. */
    Set<CpuId> outboundCpus() {
        return sas.stream()
                .filter(Leftovers::isOutbound)
                .flatMap(sa -> sa.cpu().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** There is a successor, and the peer has it. Returns whether anything went. */
    boolean succeeded() {
        boolean went = carryOutbound();
        orphanedUntil = Optional.empty();
        remove(Leftovers::isOutbound);
        if (!sas.isEmpty() && (went || graceUntil.isEmpty())) {
            graceUntil = Optional.of(bench.now().plus(bench.policy().inboundGrace()));
        }
        return went;
    }

    /** The peer is silent: its kernel may go on where its daemon has died, and another begin; but not for ever. */
    void orphaned() {
        orphanedUntil = Optional.of(bench.now().plus(LONGEST_ORPHANED));
    }

    boolean areOrphaned() {
        return orphanedUntil.isPresent();
    }

    /** There will be no successor. */
    void clear() {
        orphanedUntil = Optional.empty();
        remove(sa -> true);
        graceUntil = Optional.empty();
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(graceUntil, orphanedUntil));
    }

    void onTime() {
        if (Deadlines.isDue(orphanedUntil, bench.now())) {
            clear();
        }
        if (Deadlines.isDue(graceUntil, bench.now())) {
            graceUntil = Optional.empty();
            // Outbound ones that have come since wait for their own successor, and that for its own time of grace.
            if (!carryOutbound()) {
                clear();
            }
        }
    }

    private static boolean isOutbound(InstalledSa sa) {
        return sa.direction().filter(direction -> direction == Direction.OUT).isPresent();
    }

    private void remove(Predicate<InstalledSa> which) {
        List<InstalledSa> going = sas.stream()
                .filter(which)
                .sorted(Comparator.comparing((InstalledSa sa) -> sa.cpu().isEmpty()))
                .toList();
        going.forEach(sa -> bench.removals().remove(sa.id(), tunnel));
        sas.removeAll(going);
    }
}
