package org.ikev2d.core.tunnel;

import java.time.Duration;
import org.ikev2d.core.engine.MonoTime;

/** How often something is done that anybody can cause: so many times at once, and then once in a while. */
final class RateLimit {
    private final Duration tolerance;
    private final Duration pace;
    private MonoTime next = new MonoTime(Long.MIN_VALUE);

    /**
     * @param burst times at once, after a time of rest
     * @param pace between them, when it goes on
     */
    RateLimit(int burst, Duration pace) {
        this.tolerance = pace.multipliedBy(burst - 1);
        this.pace = pace;
    }

    /** Whether it may be done once more; then it counts as done. */
    boolean allows(MonoTime now) {
        MonoTime due = next.isAfter(now) ? next : now;
        if (due.since(now).compareTo(tolerance) > 0) {
            return false;
        }
        next = due.plus(pace);
        return true;
    }
}
