package org.ikev2d.core.engine;

import java.time.Duration;

/**
 * A moment on a clock that only goes forward.
 *
 * @param nanos since an origin that only the driver knows
 */
public record MonoTime(long nanos) implements Comparable<MonoTime> {
    public MonoTime plus(Duration duration) {
        return new MonoTime(nanos + duration.toNanos());
    }

    public Duration since(MonoTime earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    public boolean isAfter(MonoTime other) {
        return nanos > other.nanos;
    }

    @Override
    public int compareTo(MonoTime other) {
        return Long.compare(nanos, other.nanos);
    }
}
