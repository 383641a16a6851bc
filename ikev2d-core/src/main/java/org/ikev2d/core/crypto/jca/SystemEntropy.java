package org.ikev2d.core.crypto.jca;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import org.ikev2d.core.crypto.Entropy;

/** The operating system's randomness, from /dev/urandom where Java reaches it; safe for use by several threads. */
public final class SystemEntropy implements Entropy {
    private final SecureRandom random = nonBlocking();

    @Override
    public byte[] octets(int count) {
        byte[] drawn = new byte[count];
        random.nextBytes(drawn);
        return drawn;
    }

    private static SecureRandom nonBlocking() {
        try {
            return SecureRandom.getInstance("NativePRNGNonBlocking");
        } catch (NoSuchAlgorithmException e) {
            return new SecureRandom();
        }
    }
}
