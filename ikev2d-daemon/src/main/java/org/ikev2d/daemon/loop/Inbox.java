package org.ikev2d.daemon.loop;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.KernelEvent;

/**
 * What waits for the engine. Any thread puts in, one takes out.
 *
 * <p>Datagrams and kernel events have a queue and a bound each, so that neither crowds out the other; commands and tasks
 * have no bound, because those who give them are few. Commands and tasks go first, then kernel events, then ticks and
 * datagrams in turns. When kernel events found no place, one {@link KernelEvent.Overrun} follows those that did.
 */
final class Inbox {
    /** What there is to do: an input, or a task of the daemon's own. */
    sealed interface Work {
        record Feed(Input input) implements Work {}

        record Run(Runnable task) implements Work {}
    }

    private static final Input TICK = new Input.Tick();
    private static final Input OVERRUN = new Input.FromKernel(new KernelEvent.Overrun());

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Supplier<MonoTime> clock;
    private final Bounds bounds;

    private final ArrayDeque<Work> commands = new ArrayDeque<>();
    private final ArrayDeque<Input> kernelEvents = new ArrayDeque<>();
    private final ArrayDeque<Input.Datagram> datagrams = new ArrayDeque<>();
    private int datagramOctets;
    private boolean overrun;
    private boolean ticked;
    private boolean closed;

    /**
     * How many may wait.
     *
     * @param datagramOctets of all waiting datagrams together: a peer chooses how long they are
     */
    record Bounds(int datagrams, int datagramOctets, int kernelEvents) {}

    Inbox(Supplier<MonoTime> clock, Bounds bounds) {
        this.clock = clock;
        this.bounds = bounds;
    }

    MonoTime now() {
        return clock.get();
    }

    /** False, and nothing is kept, when too many wait or nobody takes out any more. */
    boolean offer(Input.Datagram datagram) {
        return whileOpen(() -> {
            int octets = datagramOctets + datagram.octets().size();
            if (datagrams.size() >= bounds.datagrams() || octets > bounds.datagramOctets()) {
                return false;
            }
            datagramOctets = octets;
            return datagrams.add(datagram);
        });
    }

    /** False when {@code event} itself was not kept; an overrun is never lost. */
    boolean offer(KernelEvent event) {
        return whileOpen(() -> {
            if (event instanceof KernelEvent.Overrun) {
                overrun = true;
                return true;
            }
            overrun |= kernelEvents.size() >= bounds.kernelEvents();
            return !overrun && kernelEvents.add(new Input.FromKernel(event));
        });
    }

    /** False when nobody takes out any more. */
    boolean put(Work work) {
        return whileOpen(() -> commands.add(work));
    }

    void close() {
        var unused = whileOpen(() -> closed = true);
    }

    /** Waits for the next thing to do, a tick once {@code deadline} has come; empty after {@link #close}. */
    Optional<Work> take(Optional<MonoTime> deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                long wait = deadline.map(at -> at.nanos() - now().nanos()).orElse(Long.MAX_VALUE);
                Optional<Work> next = next(wait <= 0);
                if (next.isPresent()) {
                    return next;
                }
                var unused = changed.awaitNanos(wait);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Work> next(boolean due) {
        if (!commands.isEmpty()) {
            return Optional.of(commands.remove());
        }
        if (!kernelEvents.isEmpty()) {
            return Optional.of(new Work.Feed(kernelEvents.remove()));
        }
        if (overrun) {
            overrun = false;
            return Optional.of(new Work.Feed(OVERRUN));
        }
        if (due && (!ticked || datagrams.isEmpty())) {
            ticked = true;
            return Optional.of(new Work.Feed(TICK));
        }
        ticked = false;
        if (datagrams.isEmpty()) {
            return Optional.empty();
        }
        Input.Datagram datagram = datagrams.remove();
        datagramOctets -= datagram.octets().size();
        return Optional.of(new Work.Feed(datagram));
    }

    private boolean whileOpen(BooleanSupplier change) {
        lock.lock();
        try {
            boolean done = !closed && change.getAsBoolean();
            changed.signal();
            return done;
        } finally {
            lock.unlock();
        }
    }
}
