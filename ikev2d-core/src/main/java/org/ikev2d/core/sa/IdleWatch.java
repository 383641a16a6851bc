package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;

/**
 * Which per-CPU SAs have carried nothing for as long as the tunnel leaves them, and which CPUs have lost theirs for that:
 * these have another when they send again. Looks at the kernel's counters four times in that while.
 */
final class IdleWatch {
    private static final int LOOKS = 4;

    private final Workbench bench;
    private final EspPairs pairs;
    private final Duration timeout;
    private final Map<SaId, Use> uses = new HashMap<>();
    private final Set<CpuId> retired = new HashSet<>();

    private Optional<MonoTime> lookAt = Optional.empty();

    /** @param since when that many packets had gone through, in both directions, and no fewer */
    private record Use(long packets, MonoTime since) {}

    /** @param timeout zero: never */
    IdleWatch(Workbench bench, EspPairs pairs, Duration timeout) {
        this.bench = bench;
        this.pairs = pairs;
        this.timeout = timeout;
    }

    /** Whether SAs go for this at all. */
    boolean isOn() {
        return !timeout.isZero();
    }

    /** {@code cpu} has an SA. */
    void made(CpuId cpu) {
        retired.remove(cpu);
        if (isOn() && lookAt.isEmpty()) {
            lookAt = Optional.of(next());
        }
    }

    /** {@code cpu} has had one, which was not used. */
    void retired(CpuId cpu) {
        retired.add(cpu);
    }

    /** Whether {@code cpu} is not to have another before it sends. */
    boolean rests(CpuId cpu) {
        return retired.contains(cpu);
    }

    Optional<MonoTime> due() {
        return lookAt;
    }

    /** Those of {@code perCpu} whose time is over, if it is time to look. */
    List<ChildSa> look(List<ChildSa> perCpu) {
        if (!Deadlines.isDue(lookAt, bench.now())) {
            return List.of();
        }
        lookAt = perCpu.isEmpty() ? Optional.empty() : Optional.of(next());
        uses.keySet().retainAll(perCpu.stream().map(ChildSa::inbound).collect(Collectors.toSet()));
        return perCpu.stream()
                .filter(pairs::isWhole)
                .filter(child -> bench.now().since(use(child).since()).compareTo(timeout) >= 0)
                .toList();
    }

    private MonoTime next() {
        return bench.now().plus(timeout.dividedBy(LOOKS));
    }

    private Use use(ChildSa child) {
        long packets = pairs.packets(child);
        return uses.compute(child.inbound(), (id, before) -> {
            Use known = before == null ? new Use(0, child.since()) : before;
            return packets > known.packets() ? new Use(packets, bench.now()) : known;
        });
    }
}
