package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.wire.IkeSpi;

/**
 * Another IKE SA in the place of one (RFC 7296 §2.8, §2.18): how it is made, that it has the Child SAs, and how the old one
 * goes. Whoever has begun the exchange deletes the old one.
 */
final class Succession {
    /** A peer that lacks our answer may ask again for longer than we would ourselves. */
    private static final Duration LONGEST_FAREWELL = Duration.ofMinutes(3);

    private static final Failure SUPERSEDED =
            new Failure(Failure.Code.SUPERSEDED, "rekeyed: another has taken its place");

    private final IkeSa sa;
    private Optional<MonoTime> until = Optional.empty();

    Succession(IkeSa sa) {
        this.sa = sa;
    }

    /**
     * What an heir has before its keys.
     *
     * @param role who begins the exchange is the heir's initiator
     * @param since when the exchange began here
     */
    record Birth(Role role, IkeSpi localSpi, MonoTime since) {}

    /** An IKE SA between the same ends, up. Takes {@code keys} over. */
    IkeSa heir(Birth birth, IkeSpi remoteSpi, IkeSuite suite, IkeKeys keys, Bytes ni, Bytes nr) {
        IkeSa heir = new IkeSa(sa.bench(), birth.role(), sa.path(), birth.localSpi(), birth.since());
        heir.ownedBy(sa.owner().orElseThrow(), sa.policy());
        heir.remoteSpi(remoteSpi);
        heir.provenAs(sa);
        heir.keyed(suite, keys, sa.handshake().rekeyed(ni, nr));
        heir.whereabouts().inherit(sa.whereabouts());
        heir.up();
        return heir;
    }

    /** The peer asked for {@code heir}, and is told that it is there. */
    void granted(IkeSa heir) {
        until = later();
        handOver(heir);
    }

    private void handOver(IkeSa heir) {
        sa.yieldTo(heir, SUPERSEDED);
        sa.owner().orElseThrow().succeeded(sa, heir);
        heir.pump();
    }

    /** The peer asked again: our answer was lost. */
    void answeredAgain() {
        if (until.isPresent()) {
            until = later();
        }
    }

    private Optional<MonoTime> later() {
        return Optional.of(sa.bench().now().plus(LONGEST_FAREWELL));
    }

    Optional<MonoTime> due() {
        return until;
    }

    /** The peer does not delete it: we do. */
    void onTime() {
        if (Deadlines.isDue(until, sa.bench().now())) {
            until = Optional.empty();
            sa.delete(SUPERSEDED);
        }
    }
}
