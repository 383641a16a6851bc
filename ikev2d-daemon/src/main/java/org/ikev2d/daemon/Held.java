package org.ikev2d.daemon;

import java.util.ArrayDeque;
import java.util.Deque;
import org.ikev2d.daemon.observe.EventLog;

/** What the daemon has opened; closed in reverse, whatever becomes of each. */
final class Held implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final EventLog log;

    Held(EventLog log) {
        this.log = log;
    }

    <T extends AutoCloseable> T add(T one) {
        opened.push(one);
        return one;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable one = opened.pop();
            try {
                one.close();
            } catch (Exception e) {
                log.fault("close-fault", "closing " + one.getClass().getSimpleName(), e);
            }
        }
    }
}
