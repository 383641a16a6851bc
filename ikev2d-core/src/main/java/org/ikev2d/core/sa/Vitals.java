package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;

/** Whether an IKE SA's peer lives, and that a NAT in front of us remembers us. */
final class Vitals {
    private static final Duration SUSPICION_PAUSE = Duration.ofSeconds(10);

    private final IkeSa sa;

    private Optional<MonoTime> livenessAt = Optional.empty();
    private Optional<MonoTime> keepaliveAt = Optional.empty();
    private Optional<MonoTime> suspectedAt = Optional.empty();
    private long inboundPackets;

    Vitals(IkeSa sa) {
        this.sa = sa;
    }

    private Workbench bench() {
        return sa.bench();
    }

    /** A proven message of the peer came. */
    void heard() {
        Duration delay = sa.owner().map(one -> sa.policy().liveness().delay()).orElse(Duration.ZERO);
        livenessAt =
                delay.isZero() ? Optional.empty() : Optional.of(bench().now().plus(delay));
    }

    /** From now on so often as {@code natKeepalive} has it, where there is a NAT in front of us. */
    void keepAlive() {
        keepaliveAt = Optional.of(bench().now().plus(bench().policy().natKeepalive()));
    }

    private Optional<MonoTime> keepaliveDue() {
        return keepaliveAt.filter(at -> sa.whereabouts().nat().localBehindNat());
    }

    /** Whether somebody's word that the peer has lost the IKE SA is worth a question again (RFC 7296 §2.21.4). */
    boolean isSuspect() {
        boolean lately = suspectedAt
                .filter(last -> bench().now().since(last).compareTo(SUSPICION_PAUSE) < 0)
                .isPresent();
        if (!lately) {
            suspectedAt = Optional.of(bench().now());
        }
        return !lately;
    }

    Optional<MonoTime> due() {
        return sa.isEstablished() ? Deadlines.earliest(List.of(livenessAt, keepaliveDue())) : Optional.empty();
    }

    void onTime() {
        if (!sa.isEstablished()) {
            return;
        }
        if (Deadlines.isDue(livenessAt, bench().now())) {
            onLiveness();
        }
        if (Deadlines.isDue(keepaliveDue(), bench().now())) {
            bench().emit(new Output.Keepalive(sa.path().local(), sa.path().remote()));
            keepAlive();
        }
    }

    /** Traffic on a Child SA proves the peer as well as an answer does (RFC 7296 §2.4). */
    private void onLiveness() {
        heard();
        long packets = sa.children().inboundPackets();
        if (packets <= inboundPackets) {
            sa.checkLiveness();
        }
        inboundPackets = packets;
    }
}
