package org.ikev2d.core.sa;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;

/** A timer is a slot: set again it moves, so none that was cancelled can fire. These look at several. */
public final class Deadlines {
    private Deadlines() {}

    public static Optional<MonoTime> earliest(List<Optional<MonoTime>> slots) {
        return slots.stream().flatMap(Optional::stream).min(Comparator.naturalOrder());
    }

    public static boolean isDue(Optional<MonoTime> slot, MonoTime now) {
        return slot.filter(due -> !due.isAfter(now)).isPresent();
    }
}
