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
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.QueueNotices;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;

/** What belongs to one IKE SA's Child SAs: which there are, how they get into the kernel, when there are more. */
public final class SaChildren {
    private final ChildSet set;
    private final SetGrowth growth;
    private final EspPairs pairs;
    private final QueueNotices notices;
    private final Parting parting;
    private final IdleWatch idle;

    private IkeSa sa;

    SaChildren(IkeSa sa) {
        this.sa = sa;
        this.set = new ChildSet(policy().queues());
        this.pairs = new EspPairs(sa.bench());
        this.parting = new Parting(sa.bench());
        this.idle = new IdleWatch(sa.bench(), pairs, policy().queues().idleTimeout());
        this.growth = new SetGrowth(sa, set, idle);
        this.notices = new QueueNotices(policy().queues());
    }

    /**
     * What a Child SA is to be.
     *
     * @param acquireSequence of the ACQUIRE that it answers, 0 for none
     */
    record Place(ChildKind kind, Optional<CpuId> cpu, boolean ours, int acquireSequence) {}

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

    /** The kernel's per-CPU ACQUIRE. */
    public void acquire(CpuId cpu, KernelTrigger trigger) {
        if (sa.isEstablished()) {
            growth.acquire(cpu, trigger);
            sa.pump();
        }
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
        if (lost.isEmpty() || !sa.isEstablished()) {
            return;
        }
        for (ChildSa child : lost) {
            set.remove(child);
            pairs.remove(policy(), child);
            sa.enqueue(new DeleteChild(sa, child.inbound().spi()));
            String text = "Child SA " + child.inbound().spi() + " is not in the kernel any more: it is made anew";
            sa.bench().tell(Event.Level.WARN, policy().name(), "child-lost", text);
        }
        growth.reconsider();
        changed();
        sa.pump();
    }

    /** Deletes per-CPU SAs that are of no use; what the peer still sends on them is taken. */
    void retire(List<ChildSa> useless, String why) {
        for (ChildSa child : useless) {
            set.remove(child);
            pairs.removeOutbound(policy(), child);
            parting.add(child.inbound());
            sa.enqueue(new DeleteChild(sa, child.inbound().spi()));
            String text = "Child SA " + child.inbound().spi() + " of CPU "
                    + child.cpu().orElseThrow() + " is deleted: " + why;
            sa.bench().tell(Event.Level.INFO, policy().name(), "child-retired", text);
        }
        if (!useless.isEmpty()) {
            changed();
        }
    }

    /** All of them; they are the caller's to take out of the kernel from now on. */
    public List<ChildSa> take() {
        parting.clear(policy().name());
        List<ChildSa> taken = all();
        taken.forEach(child -> {
            pairs.forget(child);
            set.remove(child);
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

    ChildSet set() {
        return set;
    }

    SetGrowth growth() {
        return growth;
    }

    EspPairs pairs() {
        return pairs;
    }

    QueueNotices notices() {
        return notices;
    }

    Parting parting() {
        return parting;
    }

    /** That of an SA for every CPU; where the kernel asks for any at all, it is the answer. */
    Place placeForAll(ChildKind kind, boolean ours) {
        int sequence = sa.owner()
                .flatMap(SaOwner::trigger)
                .map(KernelTrigger::sequence)
                .orElse(0);
        return new Place(kind, Optional.empty(), ours, sequence);
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
                place.acquireSequence());
        boolean defer =
                weAnswer && (set.first().isPresent() || sa.owner().orElseThrow().hasOtherOutbound(sa));
        OptionalInt answer = defer ? OptionalInt.of(sa.traffic().answering()) : OptionalInt.empty();
        return pairs.install(policy(), sa.path(), encapsulates(), terms, answer);
    }

    /** The set's first notify in {@code message}, if it has one and we make sets: agrees, and gives ours. */
    Optional<Payload> agreeOnSet(Payloads message) {
        if (policy().queues().count().orElse(1) == 0) {
            return Optional.empty();
        }
        return notices.firstIn(message).map(notice -> {
            set.agree(notice.dialect(), notice.numQueues(), sa.bench().cpus());
            return notices.first(notice.dialect(), set.numQueues(sa.bench().cpus()));
        });
    }

    /** The peer's answer to {@link #offerSet}: a set is made when it has our dialect's notify. */
    void agreedOnOffer(Payloads answer) {
        if (policy().queues().count().orElse(1) != 0) {
            notices.firstIn(answer)
                    .filter(notice -> notice.dialect() == policy().queues().dialect())
                    .ifPresent(notice -> set.agree(
                            notice.dialect(), notice.numQueues(), sa.bench().cpus()));
        }
    }

    /** The notify of the dialect that our tunnel names, for a set's first SA; empty when it wants none. */
    Optional<Payload> offerSet() {
        Dialect dialect = policy().queues().dialect();
        return policy().queues().count().orElse(1) == 0
                ? Optional.empty()
                : Optional.of(notices.first(dialect, set.numQueues(sa.bench().cpus())));
    }

    /** TSi, TSr, and the notifies of the set and of transport mode where we want them. Where a packet is why we begin, its own come first (RFC 7296 §2.9). */
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
        offerSet().ifPresent(offer::add);
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
        agreedOnOffer(answer);
        ChildKind kind = isSet() ? ChildKind.FALLBACK : ChildKind.ORDINARY;
        return install(choice, localSpi, shared, ni, nr, selectors, placeForAll(kind, true), false);
    }

    void add(ChildSa child) {
        set.add(child);
        child.cpu().ifPresent(idle::made);
        growth.grown();
        changed();
    }

    /** The peer deleted it. */
    void removeDeleted(ChildSa child) {
        set.remove(child);
        pairs.remove(policy(), child);
        if (idle.isOn()) {
            // It has been of no use to the peer: our CPU has another when it sends.
            child.cpu().ifPresent(idle::retired);
        }
        growth.reconsider();
        changed();
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

    /** Whether ESP goes in UDP. */
    private boolean encapsulates() {
        NatDetection nat = sa.handshake().nat();
        return nat.supported() && (nat.any() || policy().forceEncapsulation());
    }

    Optional<MonoTime> due() {
        return sa.isEstablished()
                ? Deadlines.earliest(List.of(pairs.due(), parting.due(), growth.due(), idle.due()))
                : Deadlines.earliest(List.of(pairs.due(), parting.due()));
    }

    void onTime() {
        boolean polled = pairs.poll(policy());
        parting.onTime(policy().name());
        boolean resumed = sa.isEstablished() && growth.onTime();
        if (sa.isEstablished()) {
            retireIdle();
        }
        if (polled || resumed) {
            completed();
        }
    }

    private void retireIdle() {
        List<ChildSa> unused = idle.look(all().stream()
                .filter(child -> child.kind() == ChildKind.PER_CPU)
                .toList());
        unused.stream().flatMap(child -> child.cpu().stream()).forEach(idle::retired);
        retire(unused, "nothing has gone through for the time of queue_idle_timeout");
    }
}
