package org.ikev2d.core.tunnel;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.Carried;
import org.ikev2d.core.sa.ChildSa;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.Removals;
import org.ikev2d.core.sa.Workbench;

/**
 * What a tunnel has in the kernel beside the Child SAs of its IKE SAs: its policies, and ESP SAs that have outlived their
 * IKE SA. All of it follows from the tunnel's state, in {@link #follow}.
 */
final class DataPath {
    private final PolicyTable policies;
    private final Leftovers leftovers;
    private final Removals removals;
    private final Carried carried;

    private TunnelPolicy policy;
    private PolicyPlan plan;

    DataPath(Workbench bench, TunnelPolicy policy, PolicyHolders holders) {
        this.policy = policy;
        this.plan = new PolicyPlan(policy);
        this.policies = new PolicyTable(bench, policy.name(), holders);
        this.leftovers = new Leftovers(bench, policy.name());
        this.removals = bench.removals();
        this.carried = bench.carried();
    }

    /** Holds back what {@code next} is for beside what it was for until now. */
    void announce(TunnelPolicy next) {
        policies.add(new PolicyPlan(next).waiting());
    }

    /** From now on it is for what {@code next} says. */
    void reconfigure(TunnelPolicy next) {
        policy = next;
        plan = new PolicyPlan(next);
    }

    /** Whether what bears {@code reqId} in the kernel is this tunnel's. */
    boolean owns(ReqId reqId) {
        return reqId.tunnel().equals(policy.reqId());
    }

    /** Whether {@code id} is kept here. */
    boolean knows(SaId id) {
        return leftovers.contains(id);
    }

    /** Of an earlier run. */
    void adopt(InstalledSa left) {
        leftovers.adopt(left, policy.remote());
    }

    /** Somebody looked at the kernel: {@code present} is there. */
    void found(List<PolicySpec> present) {
        policies.found(present);
    }

    /** Takes {@code sa}'s Child SAs over: they stay until they have a successor or are given up. */
    void keep(IkeSa sa) {
        sa.children().take().forEach(child -> leftovers.add(child, policy.reqId()));
    }

    /** Whether SAs that are kept here carry the traffic. */
    boolean carriesOutbound() {
        return leftovers.carryOutbound();
    }

    /** The CPUs that send over SAs of their own that are kept here. */
    Set<CpuId> outboundCpus() {
        return leftovers.outboundCpus();
    }

    /** Whether SAs of an earlier run, or of a peer that speaks, carry the traffic and want a successor. */
    boolean wantsSuccessor() {
        return leftovers.carryOutbound() && !leftovers.areOrphaned();
    }

    /**
     * {@code sa} is no more. What it had in the kernel stays for its successor, if there is one or will be at once, and where
     * the peer is silent: its kernel may go on where its daemon has died. On demand it goes, so that the next packet is asked
     * for. An attempt that came to nothing had nothing.
     */
    void ended(IkeSa sa, Failure why, boolean succeeded) {
        keep(sa);
        if (succeeded
                || why.code() == Failure.Code.PEER_RESTARTED
                || sa.establishedAt().isEmpty()) {
            return;
        }
        if (why.code() == Failure.Code.PEER_SILENT && policy.start() != TunnelPolicy.Start.ON_DEMAND) {
            leftovers.orphaned();
        } else {
            giveUp();
        }
    }

    /** What is kept will have no successor. */
    void giveUp() {
        leftovers.clear();
        removals.hasten(policy.name());
    }

    /**
     * Makes the kernel's policies follow from the tunnel's state.
     *
     * @param current the IKE SA whose Child SAs are to carry the traffic
     * @param setChanged whether these are others than before: flows have to be steered anew
     */
    void follow(Optional<IkeSa> current, boolean setChanged) {
        Optional<ChildSa> first = current.flatMap(sa -> sa.children().first());
        boolean succeeded = first.isPresent()
                && current.filter(sa -> sa.children().sendsOn(first.get())).isPresent();
        if (first.isPresent() && (succeeded || !leftovers.carryOutbound())) {
            boolean wantsAcquires =
                    current.filter(sa -> sa.children().wantsAcquires()).isPresent();
            boolean went = succeeded && leftovers.succeeded();
            policies.sync(plan.carrying(first.get(), wantsAcquires), setChanged || went);
        } else if (leftovers.carryOutbound()) {
            policies.sync(plan.adopted(policies.installed()), false);
        } else {
            policies.sync(plan.waiting(), false);
        }
    }

    /** Takes all out of the kernel, but for what the tunnel wants left behind. */
    void vacate() {
        giveUp();
        policies.sync(policy.onStop() == TunnelPolicy.OnStop.DROP ? plan.blocking() : List.of(), false);
    }

    /** Takes all out of the kernel: from now on it is for no traffic. */
    void dissolve() {
        plan = plan.ofNothing();
        giveUp();
        carried.forget(policy.reqId());
        policies.sync(List.of(), false);
    }

    /** Whether the kernel has done all that. */
    boolean isVacant() {
        return policies.isSettled();
    }

    /** Leaves all in the kernel to a successor; nothing asks per CPU while nobody answers. */
    void leave() {
        policies.askNothing();
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(leftovers.due(), policies.due()));
    }

    void onTime() {
        leftovers.onTime();
        policies.onTime();
    }
}
