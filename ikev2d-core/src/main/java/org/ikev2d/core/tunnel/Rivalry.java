package org.ikev2d.core.tunnel;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.IkeState;

/** Which of several IKE SAs of one tunnel is kept. Both ends come to the same answer, each by itself. */
final class Rivalry {
    private Rivalry() {}

    /**
     * {@code fresh} has come up beside {@code other}.
     *
     * @param initialContact whether the peer knows of no other
     * @param retire ends one of them in due form
     */
    static void meet(IkeSa fresh, IkeSa other, boolean initialContact, BiConsumer<IkeSa, Failure> retire) {
        if (other.state() == IkeState.CONNECTING) {
            other.end(new Failure(Failure.Code.SUPERSEDED, "the peer was sooner"));
        } else if (other.isEstablished() && crossed(fresh, other)) {
            IkeSa loser = loses(fresh, other) ? fresh : other;
            if (loser.role() == Role.INITIATOR) {
                retire.accept(
                        loser, new Failure(Failure.Code.SUPERSEDED, "both ends had begun; the other IKE SA is kept"));
            }
        } else if (other.isEstablished() && fresh.role() == Role.INITIATOR) {
            retire.accept(other, new Failure(Failure.Code.SUPERSEDED, "made anew beside it"));
        } else if (other.isEstablished() && initialContact) {
            other.end(new Failure(Failure.Code.PEER_RESTARTED, "the peer began anew"));
        } else if (other.isEstablished()) {
            other.checkLiveness();
        }
    }

    /** Whether each of the two, begun by one end each, began before the other was established. */
    static boolean crossed(IkeSa one, IkeSa other) {
        return one.role() != other.role() && beganBefore(one, other) && beganBefore(other, one);
    }

    private static boolean beganBefore(IkeSa one, IkeSa other) {
        return other.establishedAt().filter(one.beganAt()::isAfter).isEmpty();
    }

    /** The one made with the lowest of the four nonces goes (as RFC 7296 §2.8.1 has it for rekeyed SAs). */
    static boolean loses(IkeSa one, IkeSa other) {
        return one.lowerNonce().orElseThrow().compareTo(other.lowerNonce().orElseThrow()) < 0;
    }

    /** Of those that are up the one to keep: it has lost to none; the newest of several. */
    static Optional<IkeSa> survivor(List<IkeSa> sas) {
        List<IkeSa> up = sas.stream().filter(IkeSa::isEstablished).toList();
        return up.stream()
                .filter(sa -> up.stream().noneMatch(other -> crossed(sa, other) && loses(sa, other)))
                .max(Comparator.comparing(sa -> sa.establishedAt().orElseThrow()));
    }
}
