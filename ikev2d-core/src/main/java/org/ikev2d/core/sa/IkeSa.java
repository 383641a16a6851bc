package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Proofs;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.OuterMessage;

/**
 * One IKE SA: its keys, its Child SAs, the tasks that wait for their turn, and its timers. {@link SaTraffic} reads and
 * writes its messages; {@link Initiation} and {@link Admission} bring it up.
 */
public final class IkeSa {
    private final Workbench bench;
    private final Role role;
    private final IkeSpi localSpi;
    private final MonoTime beganAt;
    private final Whereabouts whereabouts;
    private final SaTraffic traffic;
    private final Judging judging = new Judging(this);
    private final Vitals vitals = new Vitals(this);
    private final Succession succession = new Succession(this);
    private final Agenda agenda = new Agenda(this);
    private final Farewell farewell = new Farewell(this);

    private IkeSpi remoteSpi = IkeSpi.NONE;
    private IkeState state = IkeState.CONNECTING;
    private Optional<Allegiance> allegiance = Optional.empty();
    private Optional<SaChildren> children = Optional.empty();
    private Optional<Keying> keying = Optional.empty();
    private Proven proven = new Proven();
    private Optional<MonoTime> establishedAt = Optional.empty();
    private Optional<MonoTime> halfOpenUntil = Optional.empty();

    IkeSa(Workbench bench, Role role, Path path) {
        this(bench, role, path, bench.ikeSpi(), bench.now());
    }

    IkeSa(Workbench bench, Role role, Path path, IkeSpi localSpi, MonoTime beganAt) {
        this.bench = bench;
        this.role = role;
        this.localSpi = localSpi;
        this.beganAt = beganAt;
        this.whereabouts = new Whereabouts(this, path);
        this.traffic = new SaTraffic(this);
    }

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

    public boolean isComingUp() {
        return state == IkeState.CONNECTING || state == IkeState.AUTHENTICATING;
    }

    public boolean isEnded() {
        return state == IkeState.ENDED;
    }

    public Path path() {
        return whereabouts.path();
    }

    public Whereabouts whereabouts() {
        return whereabouts;
    }

    /** The terms that it was made by; of its tunnel may be told others since. It is somebody's. */
    public TunnelPolicy policy() {
        return allegiance.orElseThrow().terms();
    }

    /** Where the peer was when it began. */
    public IpAddress origin() {
        return whereabouts.origin();
    }

    /** Whether its ends are known to each other as those of {@code credentials} are. */
    public boolean isBetween(Credentials credentials) {
        return allegiance
                .filter(one -> one.terms().credentials().areBetweenEndsOf(credentials))
                .isPresent();
    }

    public MonoTime beganAt() {
        return beganAt;
    }

    public Optional<MonoTime> establishedAt() {
        return establishedAt;
    }

    /** When its ends have proven themselves, which those whose place it has taken did for it. */
    public Optional<MonoTime> authenticatedAt() {
        return proven.at();
    }

    public String describeSuite() {
        return keying.map(one -> one.suite() + (one.hasPpk() ? "-ppk" : "")).orElse("");
    }

    /** How its ends have proven who they are, once both have. */
    public Optional<Proofs> proofs() {
        return proven.both();
    }

    public List<ChildSa> childSas() {
        return children.map(SaChildren::all).orElse(List.of());
    }

    /** What belongs to its Child SAs; it is somebody's. */
    public SaChildren children() {
        return children.orElseThrow();
    }

    /** The lower nonce of its IKE_SA_INIT, once that is over (RFC 7296 §2.8.1). */
    public Optional<Bytes> lowerNonce() {
        return keying.map(one -> one.handshake().lowerNonce());
    }

    /** What its peer may ask for again when it is no more. */
    public AnswerMemory answers() {
        return traffic.answers();
    }

    // What its tunnel may ask of it.

    /** Asks the peer whether it lives, out of turn. */
    public void checkLiveness() {
        if (isEstablished() && traffic.isIdle() && agenda.isEmpty()) {
            enqueue(new CheckLiveness(this));
            pump();
        }
    }

    /** Somebody says, without proof, that the peer may have lost it: asks, but not often (RFC 7296 §2.21.4). */
    public void suspect() {
        if (vitals.isSuspect()) {
            checkLiveness();
        }
    }

    /** Puts another in its place, with other keys and the same Child SAs. */
    public void rekey() {
        succession.wanted();
        pump();
    }

    /** Ends it, and tells the peer where that has it, too. */
    public void delete(Failure why) {
        farewell.delete(why);
    }

    /** Ends it at once, without a word to the peer. */
    public void end(Failure why) {
        farewell.end(why);
    }

    /** Ends it without a word to anybody: the daemon ends, what is in the kernel stays. */
    public void abandon() {
        farewell.abandon();
    }

    // What its parts ask of it.

    Workbench bench() {
        return bench;
    }

    SaTraffic traffic() {
        return traffic;
    }

    Succession succession() {
        return succession;
    }

    Judging judging() {
        return judging;
    }

    Agenda agenda() {
        return agenda;
    }

    Farewell farewell() {
        return farewell;
    }

    Proven proven() {
        return proven;
    }

    Optional<SaOwner> owner() {
        return allegiance.map(Allegiance::owner);
    }

    /** Its name in events; empty while it is nobody's. */
    String tunnelName() {
        return allegiance.map(one -> one.terms().name()).orElse("");
    }

    Keying keying() {
        return keying.orElseThrow();
    }

    IkeSuite suite() {
        return keying().suite();
    }

    IkeKeys keys() {
        return keying().keys();
    }

    Handshake handshake() {
        return keying().handshake();
    }

    void ownedBy(SaOwner tunnel, TunnelPolicy terms) {
        allegiance = Optional.of(new Allegiance(tunnel, terms));
        children = Optional.of(new SaChildren(this));
    }

    void remoteSpi(IkeSpi spi) {
        remoteSpi = spi;
    }

    /** A peer's attempt is given this long. */
    void expireHalfOpen(Duration life) {
        halfOpenUntil = Optional.of(bench.now().plus(life));
    }

    /** The peer has said all that it has to: what is awaited now is our own affair. */
    void keptWaiting() {
        halfOpenUntil = Optional.empty();
    }

    /** Its ends are those of {@code other}, which have proven themselves there. */
    void provenAs(IkeSa other) {
        proven = other.proven;
    }

    /** IKE_SA_INIT is over: from now on messages are sealed. Takes {@code fresh} over. */
    void keyed(IkeSuite chosen, IkeKeys fresh, Handshake transcript) {
        boolean began = role == Role.INITIATOR;
        IkeSpi initiator = began ? localSpi : remoteSpi;
        IkeSpi responder = began ? remoteSpi : localSpi;
        keying = Optional.of(new Keying(bench.algorithms(), chosen, fresh, transcript, initiator, responder));
        traffic.protectWith(keying());
        enter(IkeState.AUTHENTICATING);
    }

    /** An additional key exchange is over. Takes {@code fresh} over. */
    void advance(IkeKeys fresh) {
        keying().advance(fresh);
        traffic.protectWith(keying());
    }

    /** Each end has proven itself. */
    void established(boolean initialContact) {
        proven.done(bench.now());
        up();
        owner().orElseThrow().established(this, initialContact);
    }

    void up() {
        enter(IkeState.ESTABLISHED);
        halfOpenUntil = Optional.empty();
        establishedAt = Optional.of(bench.now());
        heard();
        vitals.keepAlive();
        succession.up();
    }

    /** It is up once it is known not to be redundant. */
    void awaitPlace() {
        enter(IkeState.HEIR);
    }

    /** {@code heir} has the Child SAs from now on, and what was still to be asked about them. */
    void yieldTo(IkeSa heir) {
        enter(IkeState.REKEYED);
        children().moveTo(heir);
        heir.children = children;
        children = Optional.of(new SaChildren(this));
        agenda.moveTo(heir);
    }

    /** Its Child SAs stay in the kernel, as whole as they can be. */
    void leaveChildren() {
        children.ifPresent(one -> one.confirmed(Integer.MAX_VALUE));
    }

    void closeKeys() {
        keying.ifPresent(Keying::close);
    }

    /** How long the peer may leave a request unanswered; empty: as long as while the IKE SA comes up. */
    Optional<Duration> patience() {
        return isEstablished() ? policy().liveness().patience() : Optional.empty();
    }

    /** A proven message of the peer came. */
    void heard() {
        vitals.heard();
    }

    /** The peer repeated its request {@code messageId}: our answer was lost. */
    void repeated(int messageId) {
        children.ifPresent(one -> one.pairs().answeredAgain(messageId));
        succession.answeredAgain();
    }

    void enqueue(Task task) {
        agenda.add(task);
    }

    /** Begins what can be begun, in the order in which it was wished for. */
    void pump() {
        agenda.pump();
    }

    // Its timers.

    public Optional<MonoTime> due() {
        return isEnded()
                ? Optional.empty()
                : Deadlines.earliest(List.of(
                        traffic.due(),
                        halfOpenUntil,
                        judging.due(),
                        vitals.due(),
                        succession.due(),
                        children.flatMap(SaChildren::due)));
    }

    public void onTime() {
        if (Deadlines.isDue(halfOpenUntil, bench.now())) {
            end(new Failure(Failure.Code.PEER_SILENT, "the peer began and did not go on"));
            return;
        }
        judging.onTime();
        traffic.onTime();
        vitals.onTime();
        succession.onTime();
        children.ifPresent(SaChildren::onTime);
        pump();
    }

    /** The answer to a question about the peer's certificates; one that nothing waits for is passed over. */
    public void judged(Input.Judged answer) {
        judging.answered(answer.ticket().round(), answer.verdict());
        pump();
    }

    /** What peers are judged by is otherwise than it was. */
    public void rulesChanged() {
        judging.askAgain();
    }

    public void receive(Input.Datagram datagram, OuterMessage message) {
        traffic.receive(datagram, message);
        pump();
    }

    void enter(IkeState next) {
        state = state.to(next);
        bench.tell(Event.Level.DEBUG, tunnelName(), "ike-state", "IKE SA " + localSpi + ": " + next);
    }
}
