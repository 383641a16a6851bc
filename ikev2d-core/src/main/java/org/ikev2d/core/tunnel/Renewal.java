package org.ikev2d.core.tunnel;

import java.util.Optional;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.IkeSa;
import org.ikev2d.core.sa.Workbench;

/** When a tunnel that is up is made anew beside the IKE SA that it has. */
final class Renewal {
    private final Workbench bench;
    private Optional<MonoTime> at = Optional.empty();

    Renewal(Workbench bench) {
        this.bench = bench;
    }

    /** {@code kept} is the tunnel's IKE SA: at the end of its lifetime, at once where it was made by other terms. */
    void of(IkeSa kept, TunnelPolicy policy) {
        at = policy.hasTermsOf(kept.policy()) ? Rivalry.endOfLife(kept, policy.lifetime()) : Optional.of(bench.now());
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
