package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;

/** How an IKE SA ends: with a word to its peer, or without. */
final class Farewell {
    private final IkeSa sa;
    private Optional<Failure> reason = Optional.empty();

    Farewell(IkeSa sa) {
        this.sa = sa;
    }

    /** Should it end from now on, it is for {@code why}. */
    void reason(Failure why) {
        reason = Optional.of(why);
    }

    /** Nothing is known that it would end for. */
    void noReason() {
        reason = Optional.empty();
    }

    /** Ends it, and tells the peer where that has it, too. */
    void delete(Failure why) {
        boolean peerHasIt = switch (sa.state()) {
            case HEIR, ESTABLISHED, REKEYED -> true;
            case CONNECTING, AUTHENTICATING ->
                sa.role() == Role.INITIATOR && sa.judging().isOpen();
            case DELETING, ENDED -> false;
        };
        if (peerHasIt) {
            say(why);
        } else if (sa.state() != IkeState.DELETING
                || (sa.traffic().isIdle() && sa.agenda().isEmpty())) {
            end(why);
        }
    }

    /** Tells the peer, which has it, that it ends. */
    void say(Failure why) {
        sa.judging().close();
        sa.enter(IkeState.DELETING);
        reason = Optional.of(why);
        sa.agenda().drop();
        sa.enqueue(new DeleteIke(sa, why));
        sa.pump();
        sa.succession().forsaken(why);
    }

    /** Ends it at once. */
    void end(Failure why) {
        if (sa.isEnded()) {
            return;
        }
        sa.succession().outlived();
        close();
        sa.owner().ifPresent(one -> one.ended(sa, reason.orElse(why)));
    }

    /** Ends it without a word to anybody: the daemon ends, what is in the kernel stays. */
    void abandon() {
        if (!sa.isEnded()) {
            sa.leaveChildren();
            close();
        }
    }

    private void close() {
        sa.enter(IkeState.ENDED);
        sa.judging().close();
        sa.traffic().close();
        sa.agenda().drop();
        sa.closeKeys();
        sa.bench().ended(sa);
    }
}
