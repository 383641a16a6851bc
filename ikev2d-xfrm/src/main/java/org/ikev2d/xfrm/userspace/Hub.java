package org.ikev2d.xfrm.userspace;

import java.util.concurrent.atomic.AtomicInteger;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelEvent;

/** What all workers share. Any thread. */
final class Hub {
    private final UserspaceKernel kernel;
    private final Events events;
    private final Units units;
    private final Faults faults;
    private final Counts counts = new Counts();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean pathsInDoubt;

    Hub(UserspaceKernel kernel, Events events, Units units, Faults faults) {
        this.kernel = kernel;
        this.events = events;
        this.units = units;
        this.faults = faults;
    }

    UserspaceKernel kernel() {
        return kernel;
    }

    CpuId unit(int queue) {
        return units.of(queue);
    }

    void tell(KernelEvent event) {
        events.tell(event);
    }

    void tell(String what, Exception fault) {
        faults.tell(what, fault);
    }

    void deviceGone(String why) {
        faults.over("reading from the TUN device: " + why + "; somebody took it away");
    }

    /** xfrm_user_acquire.seq. */
    int nextQuestion() {
        return questions.incrementAndGet();
    }

    void count(Drop reason) {
        counts.count(reason, 1);
    }

    void count(Drop reason, long packets) {
        counts.count(reason, packets);
    }

    Counts counts() {
        return counts;
    }

    /** A packet was too long for its way: the keeper is to ask how long they may be. */
    void lookAtPaths() {
        pathsInDoubt = true;
    }

    boolean takePathsInDoubt() {
        boolean taken = pathsInDoubt;
        pathsInDoubt = false;
        return taken;
    }
}
