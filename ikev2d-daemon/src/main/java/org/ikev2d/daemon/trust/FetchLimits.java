package org.ikev2d.daemon.trust;

import java.time.Duration;

/**
 * What fetching a revocation list or an answer about one certificate may cost.
 *
 * @param longest from the first octet of the request to the last of the answer
 * @param mostOctets of the answer
 */
public record FetchLimits(Duration longest, int mostOctets) {
    public static final FetchLimits DEFAULT = new FetchLimits(Duration.ofSeconds(5), 10_000_000);
}
