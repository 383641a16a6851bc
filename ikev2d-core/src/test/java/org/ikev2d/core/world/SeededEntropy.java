package org.ikev2d.core.world;

import java.util.Random;
import org.ikev2d.core.crypto.Entropy;

/** Octets that look random and are the same for the same seed. */
public final class SeededEntropy implements Entropy {
    private final Random random;

    public SeededEntropy(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public byte[] octets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }
}
