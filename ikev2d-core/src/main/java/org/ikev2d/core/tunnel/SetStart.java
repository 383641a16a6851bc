package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.SaChildren;
import org.ikev2d.core.sa.Workbench;

/** When a tunnel's set is begun: not while an IKE SA is about to come up that will be kept in place of the current one. */
final class SetStart {
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(3);

    private final Workbench bench;
    private final SaTable table;

    private Optional<MonoTime> holdUntil = Optional.empty();

    SetStart(Workbench bench, SaTable table) {
        this.bench = bench;
        this.table = table;
    }

    /**
     * Another IKE SA is the current one.
     *
     * @param sas all of the tunnel's
     */
    void begin(Optional<IkeSa> current, TunnelPolicy policy, List<IkeSa> sas) {
        holdUntil = Optional.empty();
        current.ifPresent(sa -> {
            boolean rivalled = table.rivals(policy, sas)
                    .anyMatch(rival ->
                            Rivalry.crossed(sa, rival) && rival.lowerNonce().isPresent() && Rivalry.loses(sa, rival));
            if (rivalled) {
                holdUntil = Optional.of(bench.now().plus(LONGEST_HOLD));
            } else {
                sa.children().grow();
            }
        });
    }

    /** Its first Child SA has come, perhaps. */
    void firstCame(IkeSa current) {
        if (holdUntil.isEmpty()) {
            current.children().grow();
        }
    }

    Optional<MonoTime> due() {
        return holdUntil;
    }

    /** Whether the wait is over; said once. */
    boolean onTime(Optional<IkeSa> current) {
        boolean due = Deadlines.isDue(holdUntil, bench.now());
        if (due) {
            holdUntil = Optional.empty();
            current.map(IkeSa::children).ifPresent(SaChildren::grow);
        }
        return due;
    }
}
