package org.ikev2d.xfrm.userspace;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was asked of the engine for one tunnel and is not answered yet: an SA for a queue, or any SA at all. As the
 * kernel's, a question is asked once, and again when nobody has answered for thirty seconds. Any thread.
 */
final class Questions {
    private static final long LIFE = 30_000_000_000L;

    /** Until when the question is open, by {@link System#nanoTime}, one for each queue and one for any; 0: not asked. */
    private final AtomicLongArray openUntil;

    Questions(int queues) {
        openUntil = new AtomicLongArray(queues + 1);
    }

    /** Whether to ask for an SA of {@code queue}'s own, now. */
    boolean askFor(int queue, long now) {
        return ask(queue, now);
    }

    /** Whether to ask for any SA, now. */
    boolean askForAny(long now) {
        return ask(openUntil.length() - 1, now);
    }

    private boolean ask(int index, long now) {
        long until = openUntil.get(index);
        // 0 stands for "not asked", whatever the clock says.
        return (until == 0 || now - until >= 0) && openUntil.compareAndSet(index, until, now + LIFE | 1);
    }

    /** There is an SA of {@code queue}'s own. */
    void answered(int queue) {
        openUntil.set(queue, 0);
    }

    /** There is an SA for all. */
    void answered() {
        openUntil.set(openUntil.length() - 1, 0);
    }
}
