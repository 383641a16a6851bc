package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.BackOff;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.KernelTrigger;
import org.ikev2d.core.sa.Workbench;

/** When a tunnel is tried: whether anybody wants it up, whether we are to begin, and the waits between attempts. */
final class Attempts {
    private final Workbench bench;
    private TunnelPolicy.Start start;
    private BackOff backOff;
    private Optional<KernelTrigger> trigger = Optional.empty();
    private boolean wanted;
    private boolean closed;
    private Optional<MonoTime> retryAt = Optional.empty();

    Attempts(Workbench bench, TunnelPolicy.Start start) {
        this.bench = bench;
        this.start = start;
        this.backOff = backOff();
    }

    private BackOff backOff() {
        return new BackOff(bench.policy().retryFirst(), bench.policy().retryLimit());
    }

    /** What came of earlier attempts says nothing of the next. */
    void reconfigure(TunnelPolicy.Start other) {
        start = other;
        backOff = backOff();
        retryAt = Optional.empty();
    }

    /** The tunnel may be up again, but nobody wants it yet. */
    void open() {
        closed = false;
    }

    /** Whether the tunnel may be up: not after an operator's "down". */
    boolean isOpen() {
        return !closed;
    }

    boolean isWanted() {
        return wanted;
    }

    /** Somebody wants the tunnel. Returns whether that is new. */
    boolean want() {
        boolean before = wanted;
        closed = false;
        wanted = true;
        return !before;
    }

    /**
     * The kernel has a packet and no SA for it. Returns whether we are to begin for that; else the SA that comes up closes
     * its question all the same.
     */
    boolean trigger(KernelTrigger packet) {
        trigger = Optional.of(packet);
        boolean begins = start == TunnelPolicy.Start.ON_DEMAND && !closed;
        wanted |= begins;
        return begins;
    }

    Optional<KernelTrigger> trigger() {
        return trigger;
    }

    /** Nobody wants it any more, and nobody may. */
    void close() {
        closed = true;
        wanted = false;
        retryAt = Optional.empty();
    }

    /**
     * Whether we begin unasked. So does an end that is to wait for its peer or for a packet while SAs of an earlier run
     * carry the traffic: the peer sees that, and not that we began anew.
     */
    boolean beginsItself(boolean leftoversCarry) {
        return start == TunnelPolicy.Start.ALWAYS_UP || leftoversCarry;
    }

    /** It is up. */
    void succeeded() {
        backOff.reset();
        retryAt = Optional.empty();
        trigger = Optional.empty();
    }

    /** It is not up, and nothing is under way: for ever again, with back-off; on demand at the next packet. */
    void again(boolean atOnce, boolean leftoversCarry) {
        if (wanted && beginsItself(leftoversCarry)) {
            Duration wait = backOff.next();
            retryAt = Optional.of(bench.now().plus(atOnce ? Duration.ZERO : wait));
        } else if (start == TunnelPolicy.Start.ON_DEMAND) {
            wanted = false;
            trigger = Optional.empty();
        }
    }

    boolean isWaiting() {
        return retryAt.isPresent();
    }

    Optional<MonoTime> due() {
        return retryAt;
    }

    /** Whether the time for another attempt has come; said once. */
    boolean onTime() {
        boolean due = Deadlines.isDue(retryAt, bench.now());
        if (due) {
            retryAt = Optional.empty();
        }
        return due;
    }
}
