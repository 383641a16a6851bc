package org.ikev2d.xfrm.userspace;

import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.xfrm.esp.Meter;

/** Counts what states carry, and hears of those that are worn out. */
interface Wear {
    /** A limit of {@code state} is reached; called by the thread whose packet did it. */
    void reached(State state, boolean hard);

    default Meter meter(State state, SaLimits limits) {
        return new Meter(limits, hard -> reached(state, hard), () -> System.currentTimeMillis() / 1000);
    }
}
