package org.ikev2d.daemon;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.daemon.loop.EngineHost;
import org.ikev2d.daemon.observe.EventLog;

/**
 * How the daemon ends: the engine is asked to stop and has ten seconds for it, then the kernel is left as it is to be.
 * What is asked first is done; whoever asks later waits for the same end. Any thread.
 *
 * <p>An engine that ends unasked, or does not come to its end, leaves its SAs in the kernel, so that traffic goes on.
 */
final class Ending {
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** For an engine that is in the middle of something: the kernel is cleaned after it. */
    private static final Duration LAST_BREATH = Duration.ofSeconds(1);

    private final EngineHost engine;
    private final Alarm alarm;
    private final Supervisor service;
    private final LastWord kernel;
    private final EventLog log;
    private final CompletableFuture<Integer> over = new CompletableFuture<>();

    private boolean begun;
    private boolean cleaning;
    private boolean keep = true;
    private int exitCode = Main.FAILED;

    /** Has something done later. */
    @FunctionalInterface
    interface Alarm {
        void after(Duration delay, String what, Ticker.Task task);
    }

    /** Leaves the kernel as it is to be while no daemon runs. */
    @FunctionalInterface
    interface LastWord {
        /** @param keep whether a successor is to find our states and policies */
        void say(boolean keep) throws KernelException;
    }

    Ending(EngineHost engine, Alarm alarm, Supervisor service, LastWord kernel, EventLog log) {
        this.engine = engine;
        this.alarm = alarm;
        this.service = service;
        this.kernel = kernel;
        this.log = log;
    }

    /** From now on an engine that ends is noticed; once. */
    void watch() {
        var unused = engine.ended().whenComplete((done, failure) -> finish());
    }

    /** Completes with the exit code when nothing is left to do but to close what is open. */
    CompletableFuture<Integer> over() {
        return over.copy();
    }

    /** An operator's wish. */
    CompletableFuture<Integer> begin(boolean keep) {
        begin(keep, Main.STOPPED);
        return over();
    }

    /** The daemon cannot go on. */
    void fail(String code, String text) {
        log.tell(new Event(Event.Level.WARN, "", code, text));
        begin(true, Main.FAILED);
    }

    private void begin(boolean keepWished, int exitCodeWished) {
        synchronized (this) {
            if (begun) {
                return;
            }
            begun = true;
            keep = keepWished;
            exitCode = exitCodeWished;
        }
        log.tell(new Event(
                Event.Level.INFO,
                "",
                "stopping",
                keepWished ? "SAs and policies stay in the kernel" : "tunnels go down"));
        service.stopping();
        alarm.after(LIMIT, "stopping", this::giveUp);
        engine.stop(keepWished);
    }

    private void giveUp() {
        if (!over.isDone()) {
            log.tell(new Event(
                    Event.Level.WARN,
                    "",
                    "stop-timeout",
                    "no end after " + LIMIT.toSeconds() + " s: not waiting any more"));
            engine.abandon();
            alarm.after(LAST_BREATH, "stopping", this::finish);
        }
    }

    private void finish() {
        boolean leave;
        int code;
        synchronized (this) {
            if (cleaning) {
                return;
            }
            cleaning = true;
            leave = keep;
            code = exitCode;
        }
        try {
            kernel.say(leave);
        } catch (KernelException e) {
            log.tell(new Event(
                    Event.Level.WARN, "", "kernel-left", "the kernel was not left as it should be: " + e.getMessage()));
        } catch (RuntimeException e) {
            log.fault("ending-fault", "leaving the kernel as it should be", e);
        } finally {
            over.complete(code);
        }
    }
}
