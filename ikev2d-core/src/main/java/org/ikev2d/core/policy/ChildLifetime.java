package org.ikev2d.core.policy;

import java.time.Duration;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.SaLimits;

/**
 * How long the keys of a Child SA are used (RFC 7296 §2.8). Each amount is up to a tenth less, at random, so that not all
 * SAs and both ends come to it at once.
 *
 * @param rekey age at which another takes its place; zero: none for its age
 * @param life age at which it is used no more, whatever became of the rekeying; zero: for ever
 * @param bytes octets of inner packets in one direction at which another takes its place, and a quarter more of which it
 *     does not carry; 0: any number
 * @param packets likewise
 */
public record ChildLifetime(Duration rekey, Duration life, long bytes, long packets) {
    public static final ChildLifetime FOREVER = new ChildLifetime(Duration.ZERO, Duration.ZERO, 0, 0);

    /** Without ESN no number comes twice (RFC 4303 §3.3.3). */
    private static final long SEQUENCE_NUMBERS = 0xffff_ffffL;

    public ChildLifetime {
        if (bytes < 0 || packets < 0 || rekey.isNegative() || life.isNegative()) {
            throw new IllegalArgumentException(
                    "a lifetime below nothing: " + bytes + " bytes, " + packets + " packets, " + rekey + ", " + life);
        }
        if (!life.isZero() && life.compareTo(rekey) < 0) {
            throw new IllegalArgumentException("rekeying after " + rekey + ", when its life of " + life + " is over");
        }
    }

    /**
     * What one half of an SA may carry.
     *
     * @param sooner which part of a tenth to ask sooner for another, 0 to 1
     */
    public SaLimits limits(EspSuite suite, double sooner) {
        long hardPackets = hard(packets);
        long softPackets = soft(packets, sooner);
        if (!suite.esn()) {
            hardPackets = Math.min(hardPackets, SEQUENCE_NUMBERS);
            softPackets = Math.min(softPackets, soft(SEQUENCE_NUMBERS - SEQUENCE_NUMBERS / 16, sooner));
        }
        return new SaLimits(soft(bytes, sooner), hard(bytes), softPackets, hardPackets);
    }

    private static long soft(long amount, double sooner) {
        return amount == 0 ? SaLimits.INFINITY : Math.max(1, amount - (long) (amount * sooner / 10));
    }

    private static long hard(long amount) {
        return amount == 0 || amount > SaLimits.INFINITY - amount / 4 - 1 ? SaLimits.INFINITY : amount + amount / 4 + 1;
    }
}
