package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.Workbench;

/**
 * When a tunnel that is up is made anew beside the IKE SA that it has, its ends proving themselves again
 * (RFC 7296 §2.8.3).
 */
final class Renewal {
    private final Workbench bench;
    private Optional<MonoTime> at = Optional.empty();

    Renewal(Workbench bench) {
        this.bench = bench;
    }

    /**
     * When what the ends of {@code kept} have proven holds no more, and at once where it was made by other terms.
     *
     * @param kept the tunnel's IKE SA; empty: there is none, or nobody wants it
     */
    void of(Optional<IkeSa> kept, TunnelPolicy policy) {
        at = kept.flatMap(sa -> policy.hasTermsOf(sa.policy())
                ? endOfProof(sa, policy.ikeLifetime().reauthentication())
                : Optional.of(bench.now()));
    }

    /** The initiator makes another, the other end only if that one forgets. */
    private static Optional<MonoTime> endOfProof(IkeSa sa, Duration life) {
        Duration patience = sa.role() == Role.INITIATOR ? Duration.ZERO : life.dividedBy(8);
        return sa.authenticatedAt()
                .filter(since -> !life.isZero())
                .map(since -> since.plus(life).plus(patience));
    }

    void atOnce() {
        at = Optional.of(bench.now());
    }

    void cancel() {
        at = Optional.empty();
    }

    Optional<MonoTime> due() {
        return at;
    }

    /** Whether the time has come; should it come to nothing, the old one serves on until the next time. */
    boolean onTime() {
        boolean due = Deadlines.isDue(at, bench.now());
        if (due) {
            at = Optional.of(bench.now().plus(bench.policy().retryLimit()));
        }
        return due;
    }
}
