package org.ikev2d.core.policy;

import java.time.Duration;
import java.util.List;

/**
 * All that the engine is told to do.
 *
 * @param ikePort where peers listen, 500
 * @param natPort where peers listen for UDP encapsulation, 4500
 * @param cookieThreshold half-open IKE SAs of peers from which on a COOKIE is demanded (RFC 7296 §2.6); 0: always
 * @param halfOpenLimit half-open IKE SAs of peers from which on new ones are not answered
 * @param halfOpenLife how long a peer has to prove itself
 * @param natKeepalive between keepalives when we are behind a NAT (RFC 3948 §4)
 * @param retryFirst wait before the second attempt to bring a tunnel up; doubles up to {@code retryLimit}
 * @param setGrowthPause quiet time after which the responder makes SAs for CPUs of its own that have none
 * @param acquirePause how long after a refusal or silence CPUs are not asked for again
 * @param inboundGrace how long old inbound SAs outlive their successors
 * @param fragmentSize octets of an IP datagram; what is sealed and would have more is sent in fragments where the peer
 *     knows them (RFC 7383 §2.5.1); 0: no fragments, in neither direction
 * @param windowSize requests of one IKE SA that may be under way at once, ours as far as the peer takes them and the
 *     peer's (RFC 7296 §2.3), 1 to {@link #MOST_WINDOW_SIZE}
 */
public record EnginePolicy(
        List<TunnelPolicy> tunnels,
        int ikePort,
        int natPort,
        RetransmitSchedule retransmit,
        int cookieThreshold,
        int halfOpenLimit,
        Duration halfOpenLife,
        Duration natKeepalive,
        Duration retryFirst,
        Duration retryLimit,
        Duration setGrowthPause,
        Duration acquirePause,
        Duration inboundGrace,
        int fragmentSize,
        int windowSize) {
    /** What is kept of a peer that sends the longest messages is some megabytes then. */
    public static final int MOST_WINDOW_SIZE = 64;

    /** The least that {@link #fragmentSize} may be, but for 0: IPv6, UDP and the longest ICV take more than half. */
    public static final int LEAST_FRAGMENT_SIZE = 256;

    public EnginePolicy {
        tunnels = List.copyOf(tunnels);
        if (fragmentSize != 0 && fragmentSize < LEAST_FRAGMENT_SIZE) {
            throw new IllegalArgumentException(
                    "fragments of " + fragmentSize + " octets, expected 0 or at least " + LEAST_FRAGMENT_SIZE);
        }
        if (windowSize < 1 || windowSize > MOST_WINDOW_SIZE) {
            throw new IllegalArgumentException(
                    "a window of " + windowSize + " requests, expected 1 to " + MOST_WINDOW_SIZE);
        }
    }

    /** {@code tunnels} with defaults for the rest. */
    public static EnginePolicy of(List<TunnelPolicy> tunnels) {
        return new EnginePolicy(
                tunnels,
                500,
                4500,
                RetransmitSchedule.DEFAULT,
                64,
                10_000,
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                1280,
                16);
    }

    public EnginePolicy withTunnels(List<TunnelPolicy> others) {
        return new EnginePolicy(
                others,
                ikePort,
                natPort,
                retransmit,
                cookieThreshold,
                halfOpenLimit,
                halfOpenLife,
                natKeepalive,
                retryFirst,
                retryLimit,
                setGrowthPause,
                acquirePause,
                inboundGrace,
                fragmentSize,
                windowSize);
    }
}
