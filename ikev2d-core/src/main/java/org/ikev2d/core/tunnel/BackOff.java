package org.ikev2d.core.tunnel;

import java.time.Duration;

/** Waits between attempts: each twice as long as the one before, up to a limit. */
final class BackOff {
    private final Duration first;
    private final Duration limit;

    private Duration next;

    BackOff(Duration first, Duration limit) {
        this.first = first;
        this.limit = limit;
        this.next = first;
    }

    void reset() {
        next = first;
    }

    Duration next() {
        Duration wait = next.compareTo(limit) < 0 ? next : limit;
        next = wait.multipliedBy(2);
        return wait;
    }
}
