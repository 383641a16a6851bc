package org.ikev2d.core.scenario;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.ikev2d.core.policy.EnginePolicy;

/** Changes to an engine's policy, one value each. */
final class Tuning {
    private Tuning() {}

    static UnaryOperator<EnginePolicy> cookieThreshold(int halfOpen) {
        return policy -> new EnginePolicy(
                policy.tunnels(),
                policy.ikePort(),
                policy.natPort(),
                policy.retransmit(),
                halfOpen,
                policy.halfOpenLimit(),
                policy.halfOpenLife(),
                policy.natKeepalive(),
                policy.retryFirst(),
                policy.retryLimit(),
                policy.setGrowthPause(),
                policy.acquirePause(),
                policy.inboundGrace(),
                policy.fragmentSize(),
                policy.windowSize());
    }

    static UnaryOperator<EnginePolicy> inboundGrace(Duration grace) {
        return policy -> new EnginePolicy(
                policy.tunnels(),
                policy.ikePort(),
                policy.natPort(),
                policy.retransmit(),
                policy.cookieThreshold(),
                policy.halfOpenLimit(),
                policy.halfOpenLife(),
                policy.natKeepalive(),
                policy.retryFirst(),
                policy.retryLimit(),
                policy.setGrowthPause(),
                policy.acquirePause(),
                grace,
                policy.fragmentSize(),
                policy.windowSize());
    }

    static UnaryOperator<EnginePolicy> fragmentSize(int octets) {
        return policy -> new EnginePolicy(
                policy.tunnels(),
                policy.ikePort(),
                policy.natPort(),
                policy.retransmit(),
                policy.cookieThreshold(),
                policy.halfOpenLimit(),
                policy.halfOpenLife(),
                policy.natKeepalive(),
                policy.retryFirst(),
                policy.retryLimit(),
                policy.setGrowthPause(),
                policy.acquirePause(),
                policy.inboundGrace(),
                octets,
                policy.windowSize());
    }

    static UnaryOperator<EnginePolicy> windowSize(int requests) {
        return policy -> new EnginePolicy(
                policy.tunnels(),
                policy.ikePort(),
                policy.natPort(),
                policy.retransmit(),
                policy.cookieThreshold(),
                policy.halfOpenLimit(),
                policy.halfOpenLife(),
                policy.natKeepalive(),
                policy.retryFirst(),
                policy.retryLimit(),
                policy.setGrowthPause(),
                policy.acquirePause(),
                policy.inboundGrace(),
                policy.fragmentSize(),
                requests);
    }
}
