package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.ChildKeys;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;

/** What belongs to one IKE SA's Child SAs: which there are, how they get into the kernel, when there are more. */
public final class SaChildren {
    private final ChildSet set;
    private final SetGrowth growth;
    private final EspPairs pairs;
    private final IdleWatch idle;
    private final ChildAging aging;
    private final ChildRekeys rekeys;
    private final SetTalk talk;

    private IkeSa sa;

    SaChildren(IkeSa sa) {
        this.sa = sa;
        this.set = new ChildSet(policy().queues());
        this.pairs = new EspPairs(sa.bench());
        this.idle = new IdleWatch(sa.bench(), pairs, policy().queues().idleTimeout());
        this.growth = new SetGrowth(sa, set, idle);
        this.aging = new ChildAging(this);
        this.rekeys = new ChildRekeys(this, aging);
        this.talk = new SetTalk(this, set);
    }

    /**
     * What a Child SA is to be.
     *
     * @param acquireSequence of the ACQUIRE that it answers, 0 for none
     * @param rekeys how many there were in its place before
     */
    record Place(ChildKind kind, Optional<CpuId> cpu, boolean ours, int acquireSequence, int rekeys) {
        /** That of {@code old}, which is rekeyed: it stays on its CPU (RFC 9611 §4). */
        static Place after(ChildSa old) {
            return new Place(old.kind(), old.cpu(), old.ours(), 0, old.rekeys() + 1);
        }
    }

    // What the tunnel asks.

    /** The one that serves every CPU. */
    public Optional<ChildSa> first() {
        return set.first();
    }

    public List<ChildSa> all() {
        return set.all();
    }

    /** How many there should be. */
    public int expected() {
        return set.expected(sa.bench().cpus());
    }

    /** Whether both ends make per-CPU SAs. */
    public boolean isSet() {
        return set.dialect().isPresent();
    }

    /** Why the set is smaller than wanted; empty: nothing is known against it. */
    public String refusal() {
        return growth.refusal();
    }

    /** Whether {@code child}'s outbound half is in the kernel. */
    public boolean sendsOn(ChildSa child) {
        return pairs.isWhole(child);
    }

    /** Whether the kernel is to ask for SAs of CPUs that have none, now. */
    public boolean wantsAcquires() {
        return sa.isEstablished() && growth.wantsAcquires();
    }

    /** Makes the per-CPU SAs, now or as they are asked for. */
    public void grow() {
        growth.start();
        sa.pump();
    }

    /** The machine's CPUs are others now. */
    public void cpusChanged() {
        if (sa.isEstablished()) {
            growth.reconsider();
        }
    }

    /** The kernel's per-CPU ACQUIRE. What it wants is asked for by {@link #ask}. */
    public void acquire(CpuId cpu, KernelTrigger trigger) {
        if (sa.isEstablished()) {
            growth.acquire(cpu, trigger);
        }
    }

    /** Begins what is wished for and can be begun. */
    public void ask() {
        sa.pump();
    }

    /** ACQUIREs were lost: nothing asks until those that are open have faded. */
    public void acquiresLost() {
        if (sa.isEstablished()) {
            growth.acquiresLost();
        }
    }

    /** Those with a half that {@code gone} names are in the kernel no more: the peer is told, and others are made. */
    public void lost(Predicate<SaId> gone) {
        List<ChildSa> lost = all().stream()
                .filter(child -> gone.test(child.inbound()) || (sendsOn(child) && gone.test(child.outbound())))
                .toList();
        if (sa.isEstablished()) {
            rekeys.lost(lost);
            sa.pump();
        }
    }

    /** Puts others in the place of all, without a gap; returns of how many. */
    public int rekey() {
        List<ChildSa> current = all().stream().filter(set::isCurrent).toList();
        current.forEach(aging::wanted);
        sa.pump();
        return current.size();
    }

    /** The kernel says that the half {@code id} has carried nearly all that it may. */
    public void worn(SaId id) {
        all().stream()
                .filter(child -> child.inbound().equals(id) || child.outbound().equals(id))
                .forEach(aging::wanted);
        sa.pump();
    }

    /** Whether the state {@code id} belongs to one of them, or to one that the peer is asked to delete. */
    public boolean knows(SaId id) {
        return rekeys.knows(id)
                || all().stream()
                        .anyMatch(child ->
                                child.inbound().equals(id) || child.outbound().equals(id));
    }

    /** Whether there is none for every CPU, and none is asked for. */
    public boolean lacksFirst() {
        return first().isEmpty() && !rekeys.isRemakingFirst();
    }

    /** All of them; they are the caller's to take out of the kernel from now on. */
    public List<ChildSa> take() {
        List<ChildSa> taken = all();
        taken.forEach(child -> {
            pairs.forget(child);
            set.remove(child);
            aging.gone(child);
        });
        return taken;
    }

    /** {@code heir} has them from now on; in the kernel nothing changes. */
    void moveTo(IkeSa heir) {
        sa = heir;
        growth.moveTo(heir);
        pairs.moved();
    }

    // What the exchanges ask.

    IkeSa sa() {
        return sa;
    }

    ChildSet set() {
        return set;
    }

    SetGrowth growth() {
        return growth;
    }

    EspPairs pairs() {
        return pairs;
    }

    ChildRekeys rekeys() {
        return rekeys;
    }

    SetTalk talk() {
        return talk;
    }

    /** That of an SA for every CPU; where the kernel asks for any at all, it is the answer. */
    Place placeForAll(ChildKind kind, boolean ours) {
        int sequence = sa.owner()
                .flatMap(SaOwner::trigger)
                .map(KernelTrigger::sequence)
                .orElse(0);
        return new Place(kind, Optional.empty(), ours, sequence, 0);
    }

    private TunnelPolicy policy() {
        return sa.policy();
    }

    /**
     * Puts a pair of ESP SAs in the kernel, with keys of their own (RFC 7296 §2.17).
     *
     * @param weAnswer whether the peer began this exchange: it says which keys are whose, and that our answer is still to
     *     arrive
     */
    ChildSa install(
            EspChoice choice,
            EspSpi localSpi,
            Optional<Secret> shared,
            Bytes ni,
            Bytes nr,
            ChildTerms.Selectors selectors,
            Place place,
            boolean weAnswer)
            throws Refusal {
        ChildKeys derived = ChildKeys.derive(
                sa.bench().algorithms(), sa.suite().prf(), sa.keys().skD(), choice.suite(), shared, ni, nr);
        EspKeys inbound = weAnswer ? derived.initiatorToResponder() : derived.responderToInitiator();
        EspKeys outbound = weAnswer ? derived.responderToInitiator() : derived.initiatorToResponder();
        EspPairs.Terms terms = new EspPairs.Terms(
                place.kind(),
                place.cpu(),
                place.ours(),
                localSpi,
                choice.peerSpi(),
                choice.suite(),
                inbound,
                outbound,
                selectors.local(),
                selectors.remote(),
                place.acquireSequence(),
                place.rekeys(),
                policy().childLifetime().limits(choice.suite(), Age.sooner(sa.bench(), place.ours())),
                SourcePorts.next(sa, place.kind(), all()));
        boolean defer =
                weAnswer && (set.first().isPresent() || sa.owner().orElseThrow().hasOtherOutbound(sa));
        OptionalInt answer = defer ? OptionalInt.of(sa.traffic().answering()) : OptionalInt.empty();
        return pairs.install(policy(), sa.path(), encapsulates(), terms, answer);
    }

    /**
     * TSi, TSr, and the notifies of the set and of transport mode where we want them. Where a packet is why we begin, its own
     * come first (RFC 7296 §2.9).
     */
    List<Payload> offerFirst() {
        Optional<KernelTrigger> packet = policy().start() == TunnelPolicy.Start.ON_DEMAND
                ? sa.owner().flatMap(SaOwner::trigger)
                : Optional.empty();
        List<TrafficSelector> local = policy().localSelectors();
        List<TrafficSelector> remote = policy().remoteSelectors();
        List<Payload> offer = new ArrayList<>();
        offer.add(new Payload.TrafficSelectors(
                true, packet.map(one -> one.before(local, true)).orElse(local)));
        offer.add(new Payload.TrafficSelectors(
                false, packet.map(one -> one.before(remote, false)).orElse(remote)));
        talk.offer().ifPresent(offer::add);
        offer.addAll(ChildTerms.mode(policy()));
        return offer;
    }

    /** Puts in what the peer granted with {@code answer} to {@link #offerFirst}. */
    ChildSa installFirst(
            Payloads answer, EspChoice choice, EspSpi localSpi, Optional<Secret> shared, Bytes ni, Bytes nr)
            throws Refusal {
        ChildTerms.Selectors selectors = ChildTerms.granted(
                answer, new ChildTerms.Selectors(policy().localSelectors(), policy().remoteSelectors()));
        ChildTerms.requireMode(answer, policy());
        talk.agreed(answer);
        ChildKind kind = isSet() ? ChildKind.FALLBACK : ChildKind.ORDINARY;
        return install(choice, localSpi, shared, ni, nr, selectors, placeForAll(kind, true), false);
    }

    void add(ChildSa child) {
        set.add(child);
        child.cpu().ifPresent(idle::made);
        aging.born(child);
        growth.grown();
        rekeys.added();
        changed();
    }

    /** The peer deleted it. What is still under way to it is taken for a while. */
    void removeDeleted(ChildSa child) {
        boolean served = set.isServedBeside(child);
        // It would not delete the old one of two without our answer about the new one.
        set.successor(child).ifPresent(fresh -> pairs.confirmed(policy(), fresh));
        set.remove(child);
        aging.gone(child);
        if (idle.isOn() && !served) {
            // It has been of no use to the peer: our CPU has another when it sends.
            child.cpu().ifPresent(idle::retired);
        }
        growth.reconsider();
        completed();
        pairs.removeOutbound(policy(), child);
        pairs.removeInbound(policy(), child);
    }

    /** It is gone at both ends, or its life is over. */
    void forget(ChildSa child) {
        set.remove(child);
        aging.gone(child);
        pairs.remove(policy(), child);
    }

    /** The peer is elsewhere: all of them follow in one step, and one that the kernel will not move is made anew. */
    void moved() {
        EspPairs.Moved moved = pairs.move(policy(), sa.path(), encapsulates(), all());
        changed();
        moved.former().forEach(id -> sa.bench().removals().remove(id, policy().name()));
        lost(moved.stuck()::contains);
    }

    void changed() {
        sa.owner().orElseThrow().childrenChanged(sa);
    }

    /** The peer is sure to have our answers up to that to {@code messageId}. */
    void confirmed(int messageId) {
        if (pairs.confirmed(policy(), messageId)) {
            completed();
        }
    }

    /** Outbound halves have gone in, or were refused: a pair without one is none. */
    private void completed() {
        Set<SaId> refused = pairs.takeRefused();
        lost(refused::contains);
        changed();
    }

    /** Packets that have come in on them. */
    long inboundPackets() {
        return pairs.inboundPackets(all());
    }

    /** Whether ESP goes in UDP; never on the port that is IKE's alone. */
    private boolean encapsulates() {
        NatDetection nat = sa.whereabouts().nat();
        return sa.path().encapsulated() && nat.supported() && (nat.any() || policy().forceEncapsulation());
    }

    Optional<MonoTime> due() {
        return sa.isEstablished()
                ? Deadlines.earliest(List.of(pairs.due(), growth.due(), idle.due(), aging.due()))
                : pairs.due();
    }

    void onTime() {
        boolean polled = pairs.poll(policy(), set::isBesideAnother);
        boolean resumed = sa.isEstablished() && growth.onTime();
        if (sa.isEstablished()) {
            retireIdle();
        }
        if (polled || resumed) {
            completed();
        }
        if (sa.isEstablished()) {
            rekeys.expired(aging.onTime());
        }
    }

    private void retireIdle() {
        List<ChildSa> unused = idle.look(all().stream()
                .filter(child -> child.kind() == ChildKind.PER_CPU)
                .toList());
        unused.stream().flatMap(child -> child.cpu().stream()).forEach(idle::retired);
        rekeys.retire(unused, "nothing has gone through for the time of queue_idle_timeout");
    }
}
