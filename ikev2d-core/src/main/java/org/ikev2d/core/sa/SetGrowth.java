package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/**
 * When which per-CPU SAs are asked for. Eager: the IKE SA's initiator asks for all at once; the responder, once the set has
 * not grown for a while, for those of its CPUs that are left without. On demand, and where an SA went because it was not
 * used: for the CPUs that the kernel names, and likewise for those that had one of an IKE SA whose place this one takes. For
 * these a question of the kernel's would cost what they send meanwhile.
 */
final class SetGrowth {
    private final ChildSet set;
    private final IdleWatch idle;

    private IkeSa sa;

    private boolean started;

    /** Whose SAs of an earlier IKE SA are still to be made anew. */
    private Set<CpuId> inherited = Set.of();

    private Optional<MonoTime> growAt = Optional.empty();
    private Optional<MonoTime> pausedUntil = Optional.empty();
    private String refusal = "";

    SetGrowth(IkeSa sa, ChildSet set, IdleWatch idle) {
        this.sa = sa;
        this.set = set;
        this.idle = idle;
    }

    /** {@code heir} has the set from now on. */
    void moveTo(IkeSa heir) {
        sa = heir;
    }

    /** The IKE SA is the one to keep: make its set. */
    void start() {
        if (started || set.dialect().isEmpty()) {
            return;
        }
        started = true;
        inherited = sa.owner().orElseThrow().formerCpus();
        if (sa.role() == Role.INITIATOR) {
            grow();
        } else {
            growAt = Optional.of(quietLater());
        }
    }

    /** The set has one more: the responder goes on waiting. */
    void grown() {
        // The answers to what is under way beside it may overtake each other.
        if (!isPaused() || set.uncovered(sa.bench().cpus()).isEmpty()) {
            refusal = "";
        }
        if (growAt.isPresent() && !isPaused()) {
            growAt = Optional.of(quietLater());
        }
    }

    /** The set has one less, or the machine's CPUs have changed: look again after a while. */
    void reconsider() {
        if (started) {
            growAt = Optional.of(quietLater());
        }
    }

    /** The kernel asks for an SA for {@code cpu}, and holds that CPU's packets up while it is let to ask. */
    void acquire(CpuId cpu, KernelTrigger trigger) {
        if (!started || set.dialect().isEmpty() || isPaused()) {
            return;
        }
        if (set.lacks(cpu, sa.bench().cpus())) {
            ask(cpu, Optional.of(trigger));
        } else if (!set.covers(cpu) && !set.asks(cpu)) {
            pause();
        }
    }

    /** The SA for {@code cpu} is gone at the peer, or is to go: another is asked for. */
    void remake(CpuId cpu) {
        if (!isPaused() && set.lacks(cpu, sa.bench().cpus())) {
            ask(cpu, Optional.empty());
        } else {
            reconsider();
        }
    }

    /** ACQUIREs were lost: each holds up its CPU until it fades, unless nothing asks per CPU. */
    void acquiresLost() {
        if (sa.policy().queues().mode() == Mode.ON_DEMAND || idle.isOn()) {
            pause();
            sa.children().changed();
        }
    }

    /** Whether a queued request for {@code cpu} is still to be made when its turn comes. */
    boolean stillWants(CpuId cpu) {
        return !isPaused()
                && !set.covers(cpu)
                && !set.isFull(sa.bench().cpus())
                && sa.bench().cpus().online().contains(cpu);
    }

    /** The peer answered the request for {@code cpu} with {@code error}. */
    void refused(CpuId cpu, Payload.Notify error) {
        String name =
                NotifyType.of(error.notifyType()).map(NotifyType::toString).orElse("notify " + error.notifyType());
        int have = set.perCpu();
        refusal = "the peer refused a per-CPU SA with " + name + " when the set had " + have
                + ": compare the peer's limit with queue_limit";
        pause(cpu, "set-refused");
        if (error.notifyType() == NotifyType.TEMPORARY_FAILURE.code()) {
            growAt = pausedUntil;
        }
    }

    /** The SA for {@code cpu} could not be made; where the kernel would not, it is tried again. */
    void failed(CpuId cpu, Refusal why) {
        refusal = "a per-CPU SA could not be made: " + why.getMessage();
        pause(cpu, "set-failed");
        if (why.notifyType() == NotifyType.TEMPORARY_FAILURE) {
            growAt = pausedUntil;
        }
    }

    /** Why the set is smaller than wanted; empty: nothing is known against it. */
    String refusal() {
        return refusal;
    }

    boolean isPaused() {
        return pausedUntil.isPresent();
    }

    /**
     * Whether the kernel is to ask for SAs of CPUs that have none, now. While it does, a CPU that it has asked for is cut
     * off until its SA is in: so not while any is under way, be it one that the peer made and that is not whole yet.
     */
    boolean wantsAcquires() {
        return started
                && sa.children().pairs().isSettled(set::isBesideAnother)
                && !isPaused()
                && inherited.isEmpty()
                && !set.isAsking()
                && !set.isFull(sa.bench().cpus())
                && set.uncovered(sa.bench().cpus()).stream().anyMatch(this::isForTheKernelToAskFor);
    }

    /** Eager, those are whose SA went because it was not used. */
    private boolean isForTheKernelToAskFor(CpuId cpu) {
        return sa.policy().queues().mode() == Mode.ON_DEMAND || idle.rests(cpu);
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(growAt, pausedUntil));
    }

    /** Returns whether something changed that the tunnel should look at. */
    boolean onTime() {
        boolean resumed = Deadlines.isDue(pausedUntil, sa.bench().now());
        if (resumed) {
            pausedUntil = Optional.empty();
        }
        if (Deadlines.isDue(growAt, sa.bench().now())) {
            growAt = Optional.empty();
            retireOffline();
            grow();
        }
        return resumed;
    }

    private void grow() {
        boolean eager = sa.policy().queues().mode() == Mode.EAGER;
        set.uncovered(sa.bench().cpus()).stream()
                .filter(cpu -> inherited.contains(cpu) || (eager && !idle.rests(cpu)))
                .forEach(cpu -> ask(cpu, Optional.empty()));
        inherited = Set.of();
    }

    /** A CPU that has gone for good needs no SA, and the peer can use the place; the peer's own SAs are its affair. */
    private void retireOffline() {
        sa.children()
                .rekeys()
                .retire(
                        set.all().stream()
                                .filter(child -> child.kind() == ChildKind.PER_CPU && child.ours())
                                .filter(child -> child.cpu()
                                        .filter(cpu ->
                                                sa.bench().cpus().online().contains(cpu))
                                        .isEmpty())
                                .toList(),
                        "its CPU is offline");
    }

    private void ask(CpuId cpu, Optional<KernelTrigger> trigger) {
        set.asked(cpu);
        sa.enqueue(new CreateChild(sa, cpu, trigger));
    }

    private void pause(CpuId cpu, String code) {
        set.notGranted(cpu);
        if (!isPaused()) {
            // Of several under way, the first says it for all.
            sa.bench().tell(Event.Level.WARN, sa.policy().name(), code, refusal);
        }
        pause();
        sa.children().changed();
    }

    private void pause() {
        pausedUntil = Optional.of(sa.bench().now().plus(sa.bench().policy().acquirePause()));
    }

    private MonoTime quietLater() {
        return sa.bench().now().plus(sa.bench().policy().setGrowthPause());
    }
}
