package org.ikev2d.core.crypto.jca;

import java.security.SecureRandom;
import org.ikev2d.core.crypto.Entropy;

/** Our entropy where the JDK asks for its own. */
final class EntropyRandom extends SecureRandom {
    private final transient Entropy entropy;

    EntropyRandom(Entropy entropy) {
        this.entropy = entropy;
    }

    @Override
    public void nextBytes(byte[] octets) {
        System.arraycopy(entropy.octets(octets.length), 0, octets, 0, octets.length);
    }
}
