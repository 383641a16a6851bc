package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.ChildKeys;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.exchange.QueueNotices;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EspChoice;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.protect.Protector;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.OuterMessage;
import org.ikev2d.core.wire.Payload;

/**
 * One IKE SA: its keys, its Child SAs, the tasks that wait for their turn, and its timers. {@link SaTraffic} reads and
 * writes its messages; {@link Initiation} and {@link Admission} bring it up.
 */
public final class IkeSa {
    private final Workbench bench;
    private final Role role;
    private final IkeSpi localSpi;
    private final IpAddress origin;
    private final MonoTime beganAt;
    private final EspPairs pairs;
    private final SaTraffic traffic;
    private final Deque<Task> queue = new ArrayDeque<>();

    private IkeSpi remoteSpi = IkeSpi.NONE;
    private IkeState state = IkeState.CONNECTING;
    private Path path;
    private Optional<SaOwner> owner = Optional.empty();
    private ChildSet children;
    private SetGrowth growth;
    private QueueNotices notices;
    private Optional<Handshake> handshake = Optional.empty();
    private Optional<IkeSuite> suite = Optional.empty();
    private Optional<IkeKeys> keys = Optional.empty();
    private Optional<MonoTime> establishedAt = Optional.empty();
    private Optional<Failure> leavingFor = Optional.empty();
    private Optional<MonoTime> halfOpenUntil = Optional.empty();
    private Optional<MonoTime> livenessAt = Optional.empty();
    private Optional<MonoTime> keepaliveAt = Optional.empty();
    private long inboundPackets;

    IkeSa(Workbench bench, Role role, Path path) {
        this.bench = bench;
        this.role = role;
        this.path = path;
        this.localSpi = bench.ikeSpi();
        this.origin = path.remote().address();
        this.beganAt = bench.now();
        this.pairs = new EspPairs(bench);
        this.traffic = new SaTraffic(this);
    }

    /**
     * What a Child SA is to be.
     *
     * @param acquireSequence of the ACQUIRE that it answers, 0 for none
     */
    record Place(ChildKind kind, Optional<CpuId> cpu, boolean ours, int acquireSequence) {}

    // What others may know.

    public Role role() {
        return role;
    }

    public IkeSpi localSpi() {
        return localSpi;
    }

    public IkeSpi remoteSpi() {
        return remoteSpi;
    }

    public IkeState state() {
        return state;
    }

    public boolean isEstablished() {
        return state == IkeState.ESTABLISHED;
    }

    public boolean isEnded() {
        return state == IkeState.ENDED;
    }

    public Path path() {
        return path;
    }

    /** Where the peer was when it began. */
    public IpAddress origin() {
        return origin;
    }

    public MonoTime beganAt() {
        return beganAt;
    }

    public Optional<MonoTime> establishedAt() {
        return establishedAt;
    }

    public String describeSuite() {
        return suite.map(IkeSuite::toString).orElse("");
    }

    public List<ChildSa> childSas() {
        return children == null ? List.of() : children.all();
    }

    public int childrenExpected() {
        return children.expected(bench.cpus());
    }

    public boolean hasSet() {
        return children.dialect().isPresent();
    }

    /** Why the set is smaller than wanted; empty: nothing is known against it. */
    public String setRefusal() {
        return growth.refusal();
    }

    /** Whether {@code child}'s outbound half is in the kernel. */
    public boolean sendsOn(ChildSa child) {
        return pairs.isWhole(child);
    }

    public boolean wantsAcquires() {
        return isEstablished() && growth.wantsAcquires();
    }

    /** The lower nonce of its IKE_SA_INIT, once that is over (RFC 7296 §2.8.1). */
    public Optional<Bytes> lowerNonce() {
        return handshake.map(Handshake::lowerNonce);
    }

    /** What its peer may ask for again when it is no more. */
    public AnswerMemory answers() {
        return traffic.answers();
    }

    // What its tunnel may ask of it.

    /** Makes the per-CPU SAs. */
    public void growSet() {
        growth.start();
        pump();
    }

    public void cpusChanged() {
        if (isEstablished()) {
            growth.reconsider();
        }
    }

    /** The kernel's per-CPU ACQUIRE. */
    public void acquire(CpuId cpu, CreateChild.KernelTrigger trigger) {
        if (isEstablished()) {
            growth.acquire(cpu, trigger);
            pump();
        }
    }

    /** ACQUIREs were lost: nothing asks until those that are open have faded. */
    public void acquiresLost() {
        if (isEstablished()) {
            growth.acquiresLost();
        }
    }

    /** Asks the peer whether it lives, out of turn. */
    public void checkLiveness() {
        if (isEstablished() && traffic.isIdle() && queue.isEmpty()) {
            enqueue(new CheckLiveness(this));
            pump();
        }
    }

    /** Ends it, and tells the peer where that has it, too. */
    public void delete(Failure why) {
        if (isEstablished()) {
            sayFarewell(why);
        } else if (state != IkeState.DELETING) {
            end(why);
        }
    }

    /** Tells the peer, which has the IKE SA, that it ends. */
    void sayFarewell(Failure why) {
        enter(IkeState.DELETING);
        leavingFor = Optional.of(why);
        dropQueue();
        enqueue(new DeleteIke(this, why));
        pump();
    }

    /** Ends it at once, without a word to the peer. */
    public void end(Failure why) {
        if (isEnded()) {
            return;
        }
        close();
        owner.ifPresent(one -> one.ended(this, leavingFor.orElse(why)));
    }

    /** Ends it without a word to anybody: the daemon ends, what is in the kernel stays. */
    public void abandon() {
        if (owner.isPresent()) {
            pairs.confirmed(policy());
        }
        close();
    }

    private void close() {
        enter(IkeState.ENDED);
        traffic.close();
        dropQueue();
        keys.ifPresent(IkeKeys::close);
        bench.ended(this);
    }

    /** Its Child SAs, which are the caller's to take out of the kernel from now on. */
    public List<ChildSa> takeChildren() {
        List<ChildSa> taken = childSas();
        taken.forEach(child -> {
            pairs.forget(child);
            children.remove(child);
        });
        return taken;
    }

    // What its parts ask of it.

    Workbench bench() {
        return bench;
    }

    SaTraffic traffic() {
        return traffic;
    }

    EspPairs pairs() {
        return pairs;
    }

    ChildSet children() {
        return children;
    }

    SetGrowth growth() {
        return growth;
    }

    QueueNotices notices() {
        return notices;
    }

    TunnelPolicy policy() {
        return owner.orElseThrow().policy();
    }

    Optional<SaOwner> owner() {
        return owner;
    }

    /** Its name in events; empty while it is nobody's. */
    String tunnelName() {
        return owner.map(one -> one.policy().name()).orElse("");
    }

    IkeSuite suite() {
        return suite.orElseThrow();
    }

    IkeKeys keys() {
        return keys.orElseThrow();
    }

    Handshake handshake() {
        return handshake.orElseThrow();
    }

    void ownedBy(SaOwner tunnel) {
        owner = Optional.of(tunnel);
        children = new ChildSet(policy().queues());
        growth = new SetGrowth(this);
        notices = new QueueNotices(policy().queues());
    }

    void remoteSpi(IkeSpi spi) {
        remoteSpi = spi;
    }

    void path(Path current) {
        path = current;
    }

    /** A peer's attempt is given this long. */
    void expireHalfOpen(Duration life) {
        halfOpenUntil = Optional.of(bench.now().plus(life));
    }

    /** IKE_SA_INIT is over: from now on messages are sealed. Takes {@code fresh} over. */
    void keyed(IkeSuite chosen, IkeKeys fresh, Handshake transcript) {
        suite = Optional.of(chosen);
        keys = Optional.of(fresh);
        handshake = Optional.of(transcript);
        traffic.protectWith(new Protector(bench.algorithms(), bench.entropy(), chosen, fresh, role == Role.INITIATOR));
        enter(IkeState.AUTHENTICATING);
    }

    /** Each end has proven itself. */
    void established(boolean initialContact) {
        enter(IkeState.ESTABLISHED);
        halfOpenUntil = Optional.empty();
        establishedAt = Optional.of(bench.now());
        heard();
        if (handshake().nat().localBehindNat()) {
            keepaliveAt = Optional.of(bench.now().plus(bench.policy().natKeepalive()));
        }
        owner.orElseThrow().established(this, initialContact);
    }

    /** A proven message of the peer came. */
    void heard() {
        Duration delay = owner.map(one -> one.policy().liveness().delay()).orElse(Duration.ZERO);
        livenessAt = delay.isZero() ? Optional.empty() : Optional.of(bench.now().plus(delay));
    }

    /** Whether ESP goes in UDP. */
    boolean encapsulates() {
        NatDetection nat = handshake().nat();
        return nat.supported() && (nat.any() || policy().forceEncapsulation());
    }

    void enqueue(Task task) {
        queue.add(task);
    }

    /** Begins what can be begun. */
    void pump() {
        while (!isEnded() && traffic.isIdle() && !queue.isEmpty()) {
            Task task = queue.remove();
            task.begin().ifPresent(payloads -> traffic.request(task, payloads));
        }
    }

    /** Puts a pair of ESP SAs in the kernel, with keys of their own (RFC 7296 §2.17). */
    ChildSa install(
            EspChoice choice,
            EspSpi localSpi,
            Optional<Secret> shared,
            Bytes ni,
            Bytes nr,
            ChildTerms.Selectors selectors,
            Place place,
            boolean mayDefer)
            throws Refusal {
        ChildKeys derived =
                ChildKeys.derive(bench.algorithms(), suite().prf(), keys().skD(), choice.suite(), shared, ni, nr);
        EspKeys inbound = place.ours() ? derived.responderToInitiator() : derived.initiatorToResponder();
        EspKeys outbound = place.ours() ? derived.initiatorToResponder() : derived.responderToInitiator();
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
                mayDefer && (children.first().isPresent() || owner.orElseThrow().hasOtherOutbound(this));
        return pairs.install(policy(), path, encapsulates(), terms, defer);
    }

    /** The set's first notify in {@code message}, if it has one and we make sets: agrees, and gives ours. */
    Optional<Payload> agreeOnSet(Payloads message) {
        if (policy().queues().count().orElse(1) == 0) {
            return Optional.empty();
        }
        return notices.firstIn(message).map(notice -> {
            children.agree(notice.dialect(), notice.numQueues(), bench.cpus());
            return notices.first(notice.dialect(), children.numQueues(bench.cpus()));
        });
    }

    /** The peer's answer to {@link #offerSet}: a set is made when it has our dialect's notify. */
    void agreedOnOffer(Payloads answer) {
        if (policy().queues().count().orElse(1) != 0) {
            notices.firstIn(answer)
                    .filter(notice -> notice.dialect() == policy().queues().dialect())
                    .ifPresent(notice -> children.agree(notice.dialect(), notice.numQueues(), bench.cpus()));
        }
    }

    /** The notify of the dialect that our tunnel names, for a set's first SA; empty when it wants none. */
    Optional<Payload> offerSet() {
        Dialect dialect = policy().queues().dialect();
        return policy().queues().count().orElse(1) == 0
                ? Optional.empty()
                : Optional.of(notices.first(dialect, children.numQueues(bench.cpus())));
    }

    void add(ChildSa child) {
        children.add(child);
        growth.grown();
        changed();
    }

    /** The peer deleted it. */
    void removeDeleted(ChildSa child) {
        children.remove(child);
        pairs.remove(policy(), child);
        growth.reconsider();
        changed();
    }

    void changed() {
        owner.ifPresent(one -> one.childrenChanged(this));
    }

    // Its timers.

    public Optional<MonoTime> due() {
        return isEnded()
                ? Optional.empty()
                : Deadlines.earliest(List.of(
                        traffic.due(),
                        halfOpenUntil,
                        livenessAt,
                        keepaliveAt,
                        pairs.due(),
                        isEstablished() ? growth.due() : Optional.empty()));
    }

    public void onTime() {
        if (Deadlines.isDue(halfOpenUntil, bench.now())) {
            end(new Failure(Failure.Code.PEER_SILENT, "the peer began and did not go on"));
            return;
        }
        traffic.onTime();
        if (Deadlines.isDue(livenessAt, bench.now())) {
            onLiveness();
        }
        if (Deadlines.isDue(keepaliveAt, bench.now())) {
            bench.emit(new Output.Keepalive(path.local(), path.remote()));
            keepaliveAt = Optional.of(bench.now().plus(bench.policy().natKeepalive()));
        }
        if (owner.isPresent() && pairs.poll(policy())) {
            changed();
        }
        if (isEstablished() && growth.onTime()) {
            changed();
        }
        pump();
    }

    /** Traffic on a Child SA proves the peer as well as an answer does (RFC 7296 §2.4). */
    private void onLiveness() {
        heard();
        long packets = pairs.inboundPackets(childSas());
        if (packets <= inboundPackets) {
            checkLiveness();
        }
        inboundPackets = packets;
    }

    public void receive(Input.Datagram datagram, OuterMessage message) {
        traffic.receive(datagram, message);
        pump();
    }

    private void enter(IkeState next) {
        state = state.to(next);
        bench.tell(Event.Level.DEBUG, tunnelName(), "ike-state", "IKE SA " + localSpi + ": " + next);
    }

    private void dropQueue() {
        queue.forEach(Task::abandoned);
        queue.clear();
    }
}
