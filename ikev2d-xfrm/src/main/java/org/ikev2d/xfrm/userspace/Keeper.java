package org.ikev2d.xfrm.userspace;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ikev2d.core.kernel.KernelException;

/**
 * Looks after what changes by itself: keys of states that nobody uses any more, the length of packets that the ways to
 * peers take, this machine's addresses, and the routes that follow from these. A thread of its own.
 */
final class Keeper implements AutoCloseable {
    private static final long ROUND_MILLIS = 500;

    /** Between two looks at the paths, when nothing hints that they have changed. */
    private static final int ROUNDS = 10;

    private static final long PATIENCE_SECONDS = 5;

    private final Hub hub;
    private final Paths paths;
    private final List<Worker> workers;
    private final Faults faults;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread keeper = new Thread(task, "esp-keeper");
        keeper.setDaemon(true);
        return keeper;
    });
    private int round;

    Keeper(Hub hub, Paths paths, List<Worker> workers, Faults faults) {
        this.hub = hub;
        this.paths = paths;
        this.workers = List.copyOf(workers);
        this.faults = faults;
    }

    /** Once. */
    void start() {
        var unused = thread.scheduleWithFixedDelay(this::look, ROUND_MILLIS, ROUND_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            hub.kernel().retirement().close(oldestReading());
            round++;
            if (hub.takePathsInDoubt() || round % ROUNDS == 0) {
                paths.refresh();
            }
            hub.kernel().fit(paths);
        } catch (KernelException | RuntimeException e) {
            faults.tell("looking after the paths and routes", e);
        }
    }

    private long oldestReading() {
        return workers.stream().mapToLong(Worker::reading).min().orElse(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                faults.tell("ending", new IllegalStateException("esp-keeper does not come back"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
