package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.policy.IkeLifetime;

/** When an IKE SA is to be rekeyed, and when it is used no more. */
final class IkeAging {
    private static final Failure EXPIRED = new Failure(
            Failure.Code.EXPIRED,
            "the IKE SA has reached the end of its life, ike_lifetime, and could not be rekeyed before");

    private final IkeSa sa;
    private Optional<Age> age = Optional.empty();

    IkeAging(IkeSa sa) {
        this.sa = sa;
    }

    /** It is up. */
    void born() {
        IkeLifetime lifetime = sa.policy().ikeLifetime();
        double sooner = lifetime.rekey().isZero() ? 0 : Age.sooner(sa.bench(), sa.role() == Role.INITIATOR);
        age = Optional.of(new Age(sa.bench(), lifetime.rekey(), lifetime.life(), sooner));
    }

    /** It is to be rekeyed now, unless that is under way. */
    void wanted() {
        if (age.filter(Age::wanted).isPresent()) {
            sa.enqueue(new RekeyIke(sa));
        }
    }

    /** There is no use in rekeying it now. */
    void later() {
        age.ifPresent(Age::later);
    }

    /** Rekeying it came to nothing: it is tried again. Returns whether that has gone on for too long. */
    boolean failed() {
        return age.filter(Age::failed).isPresent();
    }

    Optional<MonoTime> due() {
        return sa.isEstablished() ? age.flatMap(Age::due) : Optional.empty();
    }

    void onTime() {
        if (!sa.isEstablished()) {
            return;
        }
        if (age.filter(Age::isRekeyDue).isPresent()) {
            wanted();
        }
        if (age.filter(Age::isOver).isPresent()) {
            sa.delete(EXPIRED);
        }
    }
}
