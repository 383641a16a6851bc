package org.ikev2d.core.policy;

import java.time.Duration;

/**
 * How long an IKE SA is used (RFC 7296 §2.8, §2.8.3).
 *
 * @param rekey age at which another with other keys takes its place, up to a tenth sooner, at random; zero: never
 * @param life age at which it is used no more, whatever became of the rekeying; zero: for ever
 * @param reauthentication how long after its ends have proven themselves the end that began makes all anew, so that both
 *     prove themselves again; however often it is rekeyed meanwhile; zero: never
 */
public record IkeLifetime(Duration rekey, Duration life, Duration reauthentication) {
    public static final IkeLifetime FOREVER = new IkeLifetime(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    public IkeLifetime {
        if (rekey.isNegative() || life.isNegative() || reauthentication.isNegative()) {
            throw new IllegalArgumentException(
                    "a lifetime below nothing: " + rekey + ", " + life + ", " + reauthentication);
        }
        if (!life.isZero() && life.compareTo(rekey) < 0) {
            throw new IllegalArgumentException("rekeying after " + rekey + ", when its life of " + life + " is over");
        }
    }
}
