package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;

/**
 * ESP states that are to go, at once or when packets that are still under way to them have had their time. One that the
 * kernel would not take out is asked for again until it is gone.
 */
public final class Removals {
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** States in their time of grace; of more, the oldest goes before its time. */
    private static final int MOST_LINGERING = 1024;

    private final Workbench bench;

    /** With the tunnel whose they were. */
    private final Map<SaId, String> refused = new LinkedHashMap<>();

    /** In the order of their ends. */
    private final Map<SaId, Lingering> lingering = new LinkedHashMap<>();

    private Optional<MonoTime> againAt = Optional.empty();

    private record Lingering(String tunnel, MonoTime until) {}

    Removals(Workbench bench) {
        this.bench = bench;
    }

    /** Takes {@code id} out of the kernel, now or as soon as it can be. */
    public void remove(SaId id, String tunnel) {
        lingering.remove(id);
        SaUsage last = bench.carried().last(id);
        try {
            bench.kernel().remove(id);
            bench.carried().closed(id, last);
            refused.remove(id);
        } catch (KernelException e) {
            if (refused.put(id, tunnel) == null) {
                bench.tell(Event.Level.WARN, tunnel, "kernel-refused", e.getMessage() + "; it is asked again");
            }
            againAt = againAt.or(() -> Optional.of(bench.now().plus(AGAIN)));
        }
    }

    /** Takes {@code id}, which is inbound, out of the kernel after {@code inboundGrace}. */
    void removeLater(SaId id, String tunnel) {
        lingering.remove(id);
        lingering.put(id, new Lingering(tunnel, bench.now().plus(bench.policy().inboundGrace())));
        if (lingering.size() > MOST_LINGERING) {
            SaId oldest = lingering.keySet().iterator().next();
            remove(oldest, lingering.get(oldest).tunnel());
        }
    }

    /** {@code tunnel} ends: what it has in its time of grace goes now. */
    public void hasten(String tunnel) {
        List.copyOf(lingering.entrySet()).stream()
                .filter(one -> one.getValue().tunnel().equals(tunnel))
                .forEach(one -> remove(one.getKey(), tunnel));
    }

    /** Whether {@code id} is to go and is still there. */
    public boolean awaits(SaId id) {
        return refused.containsKey(id);
    }

    /** Whether {@code id} has its time of grace. */
    public boolean lingers(SaId id) {
        return lingering.containsKey(id);
    }

    public boolean isDone() {
        return refused.isEmpty() && lingering.isEmpty();
    }

    public Optional<MonoTime> due() {
        return Deadlines.earliest(
                List.of(againAt, lingering.values().stream().findFirst().map(Lingering::until)));
    }

    public void onTime() {
        if (Deadlines.isDue(againAt, bench.now())) {
            againAt = Optional.empty();
            List.copyOf(refused.entrySet()).forEach(one -> remove(one.getKey(), one.getValue()));
        }
        List.copyOf(lingering.entrySet()).stream()
                .filter(one -> !one.getValue().until().isAfter(bench.now()))
                .forEach(one -> remove(one.getKey(), one.getValue().tunnel()));
    }
}
