package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.Payload;

/**
 * Another IKE SA in the place of one (RFC 7296 §2.8, §2.18): when it is wished for, how it is made, that it has the Child
 * SAs, and how the old one goes. Whoever has begun the exchange deletes the old one.
 *
 * <p>Where both ends have begun, what the peer has asked for waits ({@link IkeState#HEIR}) until it is known which of the
 * two is kept (RFC 7296 §2.8.2): by the nonces when our answer comes; the peer's, when there is none, when the peer uses
 * it, or when it ends the old one.
 */
final class Succession {
    /** A peer that lacks our answer may ask again for longer than we would ourselves. */
    private static final Duration LONGEST_FAREWELL = Duration.ofMinutes(3);

    private static final Failure SUPERSEDED =
            new Failure(Failure.Code.SUPERSEDED, "rekeyed: another has taken its place");
    private static final Failure REDUNDANT =
            new Failure(Failure.Code.SUPERSEDED, "both ends had rekeyed; the other new IKE SA is kept");

    private final IkeSa sa;
    private final IkeAging aging;
    private boolean asked;
    /** The peer's, while it is not known whether it is kept. */
    private Optional<IkeSa> granted = Optional.empty();
    /** In whose place it may come. */
    private Optional<IkeSa> old = Optional.empty();

    private Optional<MonoTime> until = Optional.empty();

    Succession(IkeSa sa) {
        this.sa = sa;
        this.aging = new IkeAging(sa);
    }

    /**
     * What an heir has before its keys.
     *
     * @param role who begins the exchange is the heir's initiator
     * @param since when the exchange began here
     */
    record Birth(Role role, IkeSpi localSpi, MonoTime since) {}

    /** An IKE SA between the same ends, which waits for its place. Takes {@code keys} over. */
    IkeSa heir(Birth birth, IkeSpi remoteSpi, IkeSuite suite, IkeKeys keys, Bytes ni, Bytes nr) {
        IkeSa heir = new IkeSa(sa.bench(), birth.role(), sa.path(), birth.localSpi(), birth.since());
        heir.ownedBy(sa.owner().orElseThrow(), sa.policy());
        heir.remoteSpi(remoteSpi);
        heir.provenAs(sa);
        heir.keyed(suite, keys, sa.handshake().rekeyed(ni, nr));
        heir.whereabouts().inherit(sa.whereabouts());
        heir.keying().inherit(sa.keying());
        heir.awaitPlace();
        heir.farewell().reason(REDUNDANT);
        heir.succession().old = Optional.of(sa);
        return heir;
    }

    // What the peer asks.

    /** Whether we have asked for another, and have no answer. */
    boolean isUnderWay() {
        return asked;
    }

    /** Whether the peer has been granted one that waits. */
    boolean hasGranted() {
        return granted.filter(heir -> !heir.isEnded()).isPresent();
    }

    /** The peer asked for {@code heir}, and is told that it is there. */
    void granted(IkeSa heir) {
        sa.owner().orElseThrow().expects(heir);
        granted = Optional.of(heir);
        if (!asked) {
            yieldToGranted();
        }
    }

    /** The peer asks something on this one: where it waits for its place, that is how the peer has decided. */
    void used() {
        old.map(IkeSa::succession)
                .filter(one -> one.granted.filter(sa::equals).isPresent())
                .ifPresent(Succession::yieldToGranted);
    }

    /** The peer asked again: our answer was lost. */
    void answeredAgain() {
        if (until.isPresent()) {
            until = later();
        }
    }

    /** It ends, and we have not said so: what the peer has put in its place stays (RFC 7296 §2.8.2). */
    void outlived() {
        if (sa.isEstablished() && hasGranted()) {
            yieldToGranted();
        }
    }

    /** We have said that it ends: so does what would have taken its place. */
    void forsaken(Failure why) {
        granted.ifPresent(heir -> heir.delete(why));
        granted = Optional.empty();
    }

    private void yieldToGranted() {
        IkeSa heir = granted.orElseThrow();
        granted = Optional.empty();
        until = later();
        yieldTo(heir);
    }

    private void yieldTo(IkeSa heir) {
        heir.succession().old = Optional.empty();
        heir.farewell().noReason();
        heir.up();
        if (heir.role() == Role.INITIATOR && sa.traffic().knowsWindows()) {
            heir.enqueue(new OfferWindow(heir));
        }
        sa.yieldTo(heir);
        sa.farewell().reason(SUPERSEDED);
        sa.owner().orElseThrow().succeeded(sa, heir);
        heir.pump();
    }

    // What we ask.

    /** It is up. */
    void up() {
        aging.born();
    }

    void wanted() {
        aging.wanted();
    }

    /** The peer is being asked for another. */
    void begun() {
        asked = true;
    }

    /** There will be no answer. */
    void abandoned() {
        asked = false;
    }

    /** The peer has granted ours: the one with the lowest of the four nonces goes, by whom it was made. */
    void made(IkeSa heir) {
        asked = false;
        sa.owner().orElseThrow().expects(heir);
        if (!sa.isEstablished()) {
            heir.delete(REDUNDANT);
        } else if (hasGranted() && loses(heir, granted.orElseThrow())) {
            yieldToGranted();
            heir.delete(REDUNDANT);
        } else {
            granted.ifPresent(redundant -> redundant.succession().until = later());
            granted = Optional.empty();
            yieldTo(heir);
            sa.delete(SUPERSEDED);
        }
    }

    private static boolean loses(IkeSa one, IkeSa other) {
        return one.lowerNonce().orElseThrow().compareTo(other.lowerNonce().orElseThrow()) < 0;
    }

    /** The peer would not have it rekeyed. */
    void refused(Payload.Notify error) {
        asked = false;
        if (!sa.isEstablished()) {
            return;
        }
        if (hasGranted()) {
            yieldToGranted();
            return;
        }
        boolean busy = error.notifyType() == NotifyType.TEMPORARY_FAILURE.code();
        String why = PeerErrors.explainRekey(error);
        if (!busy) {
            impossible(why);
        } else if (aging.failed()) {
            wornOut(why);
        } else {
            tell("could not be rekeyed now: " + why);
        }
    }

    /** Nor will it be soon. */
    void impossible(String why) {
        aging.later();
        wornOut(why);
    }

    private void wornOut(String why) {
        tell("cannot be rekeyed, but only made anew: " + why);
        sa.owner().orElseThrow().wornOut(sa);
    }

    private void tell(String what) {
        sa.bench().tell(Event.Level.WARN, sa.tunnelName(), "ike-rekey", "IKE SA " + sa.localSpi() + " " + what);
    }

    private Optional<MonoTime> later() {
        return Optional.of(sa.bench().now().plus(LONGEST_FAREWELL));
    }

    Optional<MonoTime> due() {
        return Deadlines.earliest(List.of(until, aging.due()));
    }

    void onTime() {
        // The peer does not delete it: we do.
        if (Deadlines.isDue(until, sa.bench().now())) {
            until = Optional.empty();
            sa.delete(SUPERSEDED);
        }
        aging.onTime();
    }
}
