package org.ikev2d.core.sa;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.wire.EspSpi;

/**
 * Inbound halves of Child SAs that we delete: the peer sends on them until it has heard of that, and what it has sent may
 * come later than its answer (RFC 7296 §1.4.1).
 */
final class Parting {
    private final Workbench bench;
    /** With the time when each goes, once the peer has answered. */
    private final Map<SaId, Optional<MonoTime>> halves = new HashMap<>();

    Parting(Workbench bench) {
        this.bench = bench;
    }

    void add(SaId inbound) {
        halves.put(inbound, Optional.empty());
    }

    /** The peer knows that {@code inbound} is no more. */
    void answered(EspSpi inbound) {
        MonoTime until = bench.now().plus(bench.policy().inboundGrace());
        halves.replaceAll((id, before) -> id.spi().equals(inbound) ? Optional.of(until) : before);
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.copyOf(halves.values()));
    }

    void onTime(String tunnel) {
        halves.entrySet().removeIf(half -> {
            boolean over = Deadlines.isDue(half.getValue(), bench.now());
            if (over) {
                bench.removals().remove(half.getKey(), tunnel);
            }
            return over;
        });
    }

    /** All go at once. */
    void clear(String tunnel) {
        halves.keySet().forEach(id -> bench.removals().remove(id, tunnel));
        halves.clear();
    }
}
