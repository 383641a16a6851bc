package org.ikev2d.daemon.trust;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** When a verdict is asked for, and how long all that has to be fetched for it may take together. */
final class Patience {
    /** The engine waits 25 s for a verdict. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final Instant now;
    private final long end = System.nanoTime() + LONGEST.toNanos();

    /** @param now what day it is */
    Patience(Instant now) {
        this.now = now;
    }

    Instant now() {
        return now;
    }

    /** {@code limits}, and not beyond the end. */
    FetchLimits within(FetchLimits limits) throws IOException {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (left.isNegative() || left.isZero()) {
            throw new IOException("no time left to ask");
        }
        return left.compareTo(limits.longest()) < 0 ? new FetchLimits(left, limits.mostOctets()) : limits;
    }
}
