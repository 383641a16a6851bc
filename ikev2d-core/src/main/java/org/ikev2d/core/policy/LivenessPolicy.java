package org.ikev2d.core.policy;

import java.time.Duration;

/**
 * When to ask a silent peer whether it lives (RFC 7296 §2.4).
 *
 * @param delay after this long without a proven message from the peer; zero: never ask
 */
public record LivenessPolicy(Duration delay) {}
