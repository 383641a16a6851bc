package org.ikev2d.daemon;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ikev2d.daemon.observe.EventLog;

/** The daemon's own timers, on a thread of their own. A task that throws is logged, and runs again when it is due. */
final class Ticker implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread fresh = new Thread(task, "ticker");
        fresh.setDaemon(true);
        return fresh;
    });
    private final EventLog log;

    Ticker(EventLog log) {
        this.log = log;
    }

    /** A piece of work that may fail. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    void every(Duration interval, String what, Task task) {
        Future<?> unused = thread.scheduleWithFixedDelay(
                () -> guard(what, task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    void after(Duration delay, String what, Task task) {
        Future<?> unused = thread.schedule(() -> guard(what, task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void guard(String what, Task task) {
        try {
            task.run();
        } catch (Exception | AssertionError e) {
            log.fault("timer-fault", what, e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
