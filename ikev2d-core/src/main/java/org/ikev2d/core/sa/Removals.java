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

/** ESP states that are to go. One that the kernel would not take out is asked for again until it is gone. */
public final class Removals {
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Workbench bench;

    /** With the tunnel whose they were. */
    private final Map<SaId, String> refused = new LinkedHashMap<>();

    private Optional<MonoTime> againAt = Optional.empty();

    Removals(Workbench bench) {
        this.bench = bench;
    }

    /** Takes {@code id} out of the kernel, now or as soon as it can be. */
    public void remove(SaId id, String tunnel) {
        try {
            bench.kernel().remove(id);
            refused.remove(id);
        } catch (KernelException e) {
            if (refused.put(id, tunnel) == null) {
                bench.tell(Event.Level.WARN, tunnel, "kernel-refused", e.getMessage() + "; it is asked again");
            }
            againAt = againAt.or(() -> Optional.of(bench.now().plus(AGAIN)));
        }
    }

    /** Whether {@code id} is to go and is still there. */
    public boolean awaits(SaId id) {
        return refused.containsKey(id);
    }

    public boolean isDone() {
        return refused.isEmpty();
    }

    public Optional<MonoTime> due() {
        return againAt;
    }

    public void onTime() {
        if (Deadlines.isDue(againAt, bench.now())) {
            againAt = Optional.empty();
            List.copyOf(refused.entrySet()).forEach(one -> remove(one.getKey(), one.getValue()));
        }
    }
}
