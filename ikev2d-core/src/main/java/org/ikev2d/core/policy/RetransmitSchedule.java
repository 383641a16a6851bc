package org.ikev2d.core.policy;

import java.time.Duration;

/**
 * How often and when a request is sent again (RFC 7296 §2.4).
 *
 * @param first wait after the first sending
 * @param factor each wait is this many times the one before
 * @param limit no wait is longer
 * @param tries sendings in all, the first included
 */
public record RetransmitSchedule(Duration first, double factor, Duration limit, int tries) {
    /** Waits of 1, 2, 4, 8 and 15 s: given up after 30 s. */
    public static final RetransmitSchedule DEFAULT =
            new RetransmitSchedule(Duration.ofSeconds(1), 2, Duration.ofSeconds(15), 5);

    /** Wait after sending number {@code sent} (1-based); when it is over, send again or give up. */
    public Duration waitAfter(int sent) {
        double nanos = first.toNanos() * Math.pow(factor, sent - 1);
        return nanos < limit.toNanos() ? Duration.ofNanos(Math.round(nanos)) : limit;
    }

    /** How long a peer is waited for in all. */
    public Duration patience() {
        Duration all = Duration.ZERO;
        for (int sent = 1; sent <= tries; sent++) {
            all = all.plus(waitAfter(sent));
        }
        return all;
    }

    /** Whether the peer is given up after {@code sent} sendings and the wait after the last. */
    public boolean exhausted(int sent) {
        return sent >= tries;
    }
}
