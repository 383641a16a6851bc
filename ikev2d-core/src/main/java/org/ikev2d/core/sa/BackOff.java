package org.ikev2d.core.sa;

import java.time.Duration;

/** Waits between attempts: each twice as long as the one before, up to a limit. */
public final class BackOff {
    private final Duration first;
    private final Duration limit;

    private Duration next;

    public BackOff(Duration first, Duration limit) {
        this.first = first;
        this.limit = limit;
        this.next = first;
    }

    public void reset() {
        next = first;
    }

    public Duration next() {
        Duration wait = next.compareTo(limit) < 0 ? next : limit;
        next = wait.multipliedBy(2);
        return wait;
    }
}
