package org.ikev2d.xfrm.userspace;

import java.util.Optional;
import org.ikev2d.core.kernel.PolicySpec;

/** An outbound policy with the SAs that carry its packets: the newest of each queue, and the newest for all. */
final class OutPolicy {
    private final PolicySpec spec;
    private final Matcher matcher;
    private final OutboundState[] own;
    private final Optional<OutboundState> common;
    private final Questions questions;

    /** @param own by queue, not to be changed any more; null where a queue has none */
    OutPolicy(PolicySpec spec, OutboundState[] own, Optional<OutboundState> common, Questions questions) {
        this.spec = spec;
        this.matcher = new Matcher(spec.id().selector());
        this.own = own;
        this.common = common;
        this.questions = questions;
    }

    PolicySpec spec() {
        return spec;
    }

    boolean matches(Flow flow) {
        return matcher.matches(flow);
    }

    /** The one that carries {@code queue}'s packets; null when there is none. */
    OutboundState stateFor(int queue) {
        OutboundState state = own[queue];
        return state == null ? common.orElse(null) : state;
    }

    /** Whether {@code queue} is to ask for an SA of its own, if it has not done so. */
    boolean lacksOwn(int queue) {
        return spec.cpuAcquire() && own[queue] == null;
    }

    Questions questions() {
        return questions;
    }
}
