package org.ikev2d.core.world;

import java.time.Duration;
import java.util.Locale;
import org.ikev2d.core.engine.MonoTime;

/** The one clock of a world. It stands still until it is set, and starts below zero: no moment is special. */
public final class VirtualClock {
    private static final MonoTime ORIGIN = new MonoTime(Duration.ofSeconds(-5).toNanos());

    private MonoTime now = ORIGIN;

    public MonoTime now() {
        return now;
    }

    /** @throws IllegalArgumentException when {@code later} is past already */
    public void set(MonoTime later) {
        if (now.isAfter(later)) {
            throw new IllegalArgumentException("time does not go back by " + now.since(later));
        }
        now = later;
    }

    public void advance(Duration by) {
        set(now.plus(by));
    }

    /** Since the world began. */
    public Duration age() {
        return now.since(ORIGIN);
    }

    /** Seconds since the world began, to the millisecond, for stories. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%9.3f", age().toNanos() / 1e9);
    }
}
