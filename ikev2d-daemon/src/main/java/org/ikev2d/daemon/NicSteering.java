package org.ikev2d.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.daemon.control.NicRule;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.xfrm.LinuxSurroundings;
import org.ikev2d.xfrm.XfrmKernel;
import org.ikev2d.xfrm.socket.EthtoolSocket;
import org.ikev2d.xfrm.steering.Steering;

/**
 * Has the NICs' receive rules follow the kernel's inbound states, on a thread of its own, because drivers may take their
 * time. What it does follows from what the kernel has, whichever daemon put it there.
 */
final class NicSteering implements AutoCloseable {
    /** What changes together is looked at once. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Interrupts are moved, drivers restarted, and features switched without a word to us. */
    private static final Duration ANEW = Duration.ofSeconds(60);

    private static final Duration LAST_LOOK = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread fresh = new Thread(task, "nic-steering");
        fresh.setDaemon(true);
        return fresh;
    });
    private final AtomicBoolean poked = new AtomicBoolean();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final EventLog log;
    private final XfrmKernel kernel;
    private final Steering steering;

    private NicSteering(Path record, EventLog log) throws KernelException, IOException {
        this.log = log;
        try {
            kernel = opened(XfrmKernel.open());
            steering = new Steering(
                    opened(EthtoolSocket.open()), opened(LinuxSurroundings.open()), record, this::unsteered);
        } catch (KernelException | IOException e) {
            thread.shutdown();
            closeOpened();
            throw e;
        }
    }

    /** @param runtimeDir keeps the record of our rules */
    static NicSteering start(Path runtimeDir, EventLog log) throws KernelException, IOException {
        NicSteering steering = new NicSteering(runtimeDir.resolve("nic-rules"), log);
        Future<?> unused = steering.thread.scheduleWithFixedDelay(
                () -> steering.look(true), 0, ANEW.toNanos(), TimeUnit.NANOSECONDS);
        return steering;
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.add(one);
        return one;
    }

    /** There may be other states now. Any thread; does not wait. */
    void poke() {
        if (poked.compareAndSet(false, true)) {
            try {
                Future<?> unused = thread.schedule(
                        () -> {
                            poked.set(false);
                            look(false);
                        },
                        PAUSE.toNanos(),
                        TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // The last look is under way.
                return;
            }
        }
    }

    /** The rules that a state has. Any thread. */
    List<NicRule> rulesOf(SaId state) {
        return steering.placed().getOrDefault(state, List.of()).stream()
                .map(rule -> new NicRule(
                        rule.device(),
                        rule.rule().queue(),
                        Integer.toUnsignedLong(rule.location().orElse(0))))
                .toList();
    }

    private void look(boolean anew) {
        try {
            steering.follow(kernel.inboundSas(), anew);
        } catch (KernelException | IOException e) {
            log.tell(new Event(
                    Event.Level.WARN, "", "nic-steering", "receive rules of NICs do not follow: " + e.getMessage()));
        } catch (RuntimeException e) {
            log.fault("nic-steering", "setting receive rules of NICs", e);
        }
    }

    private void unsteered(String device, String reason) {
        log.tell(new Event(
                Event.Level.INFO,
                "",
                "nic-steering",
                "device " + device + ": " + reason + "; its hash spreads what comes in (ikev2ctl doctor)"));
    }

    /** Leaves the rules of the states that are left. */
    @Override
    public void close() {
        Future<?> last = thread.submit(() -> look(false));
        thread.shutdown();
        boolean ended;
        try {
            ended = thread.awaitTermination(LAST_LOOK.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended = false;
        }
        if (!ended) {
            last.cancel(true);
            log.tell(new Event(Event.Level.WARN, "", "nic-steering", "a driver does not come back: rules may stay"));
            return;
        }
        closeOpened();
    }

    private void closeOpened() {
        for (AutoCloseable one : opened) {
            try {
                one.close();
            } catch (Exception e) {
                log.fault("close-fault", "closing " + one.getClass().getSimpleName(), e);
            }
        }
    }
}
