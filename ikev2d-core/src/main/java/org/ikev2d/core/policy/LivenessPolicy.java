package org.ikev2d.core.policy;

import java.time.Duration;
import java.util.Optional;

/**
 * When to ask a silent peer whether it lives (RFC 7296 §2.4).
 *
 * @param delay after this long without a proven message from the peer; zero: never ask
 * @param patience how long a peer may leave a request unanswered once the IKE SA is up; empty: as {@link
 *     RetransmitSchedule#patience} has it
 */
public record LivenessPolicy(Duration delay, Optional<Duration> patience) {}
