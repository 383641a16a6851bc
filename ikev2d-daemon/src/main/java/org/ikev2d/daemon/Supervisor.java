package org.ikev2d.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.ikev2d.core.engine.Event;
import org.ikev2d.xfrm.system.SystemdNotify;

/**
 * systemd, or whoever speaks sd_notify(3); without one, nothing happens. Any thread; does not wait. What cannot be told
 * is logged, and nothing else comes of it.
 */
final class Supervisor {
    private static final String WATCHDOG_USEC = "WATCHDOG_USEC";
    private static final String WATCHDOG_PID = "WATCHDOG_PID";

    private final Transport transport;
    private final Consumer<Event> log;
    private final AtomicBoolean beatUnderWay = new AtomicBoolean();

    /** Takes one datagram of assignments. */
    @FunctionalInterface
    interface Transport {
        void send(String assignments) throws IOException;
    }

    Supervisor(Transport transport, Consumer<Event> log) {
        this.transport = transport;
        this.log = log;
    }

    static Supervisor fromEnvironment(Consumer<Event> log) {
        return new Supervisor(SystemdNotify.fromEnvironment()::send, log);
    }

    void ready() {
        send("READY=1");
    }

    /** The configuration is being read anew; {@link #ready} says that it is over. */
    void reloading() {
        // CLOCK_MONOTONIC, which System.nanoTime is on Linux.
        send("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    /** @param text one line for {@code systemctl status} */
    void status(String text) {
        send("STATUS=" + text);
    }

    void stopping() {
        send("STOPPING=1");
    }

    /**
     * Feeds the watchdog from {@code engine}, so that it is fed only while that does its work; a call while the last
     * one has not got through does nothing.
     */
    void beatThrough(Executor engine) {
        if (!beatUnderWay.compareAndSet(false, true)) {
            return;
        }
        try {
            engine.execute(() -> {
                beatUnderWay.set(false);
                send("WATCHDOG=1");
            });
        } catch (RejectedExecutionException e) {
            // It has stopped: nobody is to be told that it lives.
            return;
        }
    }

    /**
     * How often the watchdog wants to be fed, twice as often as it asks; empty when it does not want to be.
     *
     * @param pid ours
     */
    static Optional<Duration> beatInterval(Map<String, String> environment, long pid) {
        String microseconds = environment.getOrDefault(WATCHDOG_USEC, "");
        boolean forUs =
                environment.getOrDefault(WATCHDOG_PID, Long.toString(pid)).equals(Long.toString(pid));
        if (!forUs || !microseconds.matches("[1-9]\\d{0,15}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Long.parseLong(microseconds) * 500));
    }

    private void send(String assignments) {
        try {
            transport.send(assignments);
        } catch (IOException e) {
            log.accept(new Event(
                    Event.Level.WARN, "", "service-manager", "cannot tell the service manager: " + e.getMessage()));
        }
    }
}
