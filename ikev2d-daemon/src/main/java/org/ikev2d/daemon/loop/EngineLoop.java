package org.ikev2d.daemon.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.daemon.observe.Counter;
import org.ikev2d.daemon.observe.Counters;
import org.ikev2d.daemon.observe.EventLog;

/**
 * The thread that owns an engine: takes what comes in, has the outputs performed in order, and sleeps to the deadline.
 * Whoever gives it something may be on any thread and never waits.
 *
 * <p>An exception out of the engine or out of an output is a fault of ours: it is logged, counted, and the loop goes on
 * with the next thing. After {@link Output.Stopped} it ends. It also ends when the JVM is at its limits; {@link #ended}
 * tells which.
 */
public final class EngineLoop implements Executor {
    /** About a second's work, and a small part of the heap. */
    private static final Inbox.Bounds BOUNDS = new Inbox.Bounds(4096, 8 << 20, 65_536);

    /** A tick that failed is not tried again at once. */
    private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

    private final Engine engine;
    private final Consumer<Output> outlet;
    private final EventLog log;
    private final Counters counters;
    private final Inbox inbox;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "engine");

    private Optional<MonoTime> deadline = Optional.empty();

    /** @param outlet performs outputs on the engine's thread, and does not wait */
    public EngineLoop(Engine engine, Consumer<Output> outlet, EventLog log, Counters counters) {
        this(engine, outlet, log, counters, new Inbox(MonoClock::now, BOUNDS));
    }

    EngineLoop(Engine engine, Consumer<Output> outlet, EventLog log, Counters counters, Inbox inbox) {
        this.engine = engine;
        this.outlet = outlet;
        this.log = log;
        this.counters = counters;
        this.inbox = inbox;
    }

    /** Once. */
    public void start() {
        thread.start();
    }

    /** False when too much waits and {@code datagram} was dropped. */
    public boolean offer(Input.Datagram datagram) {
        return inbox.offer(datagram);
    }

    /** Never dropped silently: in the place of events that are too many there is a {@link KernelEvent.Overrun}. */
    public void offer(KernelEvent event) {
        if (!inbox.offer(event)) {
            counters.count(Counter.KERNEL_EVENTS_LOST);
        }
    }

    /**
     * A command, never dropped.
     *
     * @throws RejectedExecutionException when the loop has ended
     */
    public void command(Input input) {
        put(new Inbox.Work.Feed(input));
    }

    /**
     * Runs {@code task} on the engine's thread, between two inputs.
     *
     * @throws RejectedExecutionException when the loop has ended
     */
    @Override
    public void execute(Runnable task) {
        put(new Inbox.Work.Run(task));
    }

    /** Completes when the loop has ended; exceptionally when not by {@link Output.Stopped} or {@link #abandon}. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** Ends after what is being done; what waits stays undone. */
    public void abandon() {
        inbox.close();
    }

    private void put(Inbox.Work work) {
        if (!inbox.put(work)) {
            throw new RejectedExecutionException("the engine has stopped");
        }
    }

    private void run() {
        try {
            Optional<Inbox.Work> work = inbox.take(deadline);
            while (work.isPresent()) {
                perform(work.get());
                work = inbox.take(deadline);
            }
            ended.complete(null);
        } catch (Throwable beyondRepair) {
            inbox.close();
            log.fault("engine-ended", "the engine's thread ends", beyondRepair);
            ended.completeExceptionally(beyondRepair);
        }
    }

    private void perform(Inbox.Work work) {
        if (work instanceof Inbox.Work.Feed feed) {
            feed(feed.input());
        } else if (work instanceof Inbox.Work.Run run) {
            guard("a task", run.task());
        } else {
            throw new AssertionError(work);
        }
    }

    private void feed(Input input) {
        MonoTime now = inbox.now();
        boolean wasDue = deadline.isPresent() && !deadline.get().isAfter(now);
        boolean handled = guard(input.getClass().getSimpleName(), () -> {
            Step step = engine.handle(now, input);
            deadline = step.nextDeadline();
            step.outputs().forEach(this::perform);
        });
        if (!handled && wasDue) {
            // The old deadline still stands, and would bring the same tick again at once.
            deadline = Optional.of(now.plus(AFTER_FAULT));
        }
    }

    private void perform(Output output) {
        guard(output.getClass().getSimpleName(), () -> outlet.accept(output));
        if (output instanceof Output.Stopped) {
            inbox.close();
        }
    }

    /** False when {@code work} threw. Lets through what leaves the JVM in doubt. */
    private boolean guard(String what, Runnable work) {
        try {
            work.run();
            return true;
        } catch (StackOverflowError fault) {
            tell(what, fault);
        } catch (VirtualMachineError beyondRepair) {
            throw beyondRepair;
        } catch (Throwable fault) {
            tell(what, fault);
        }
        return false;
    }

    private void tell(String what, Throwable fault) {
        counters.count(Counter.ENGINE_FAULTS);
        log.fault("engine-fault", "a fault of ikev2d's own while it handled " + what, fault);
    }
}
