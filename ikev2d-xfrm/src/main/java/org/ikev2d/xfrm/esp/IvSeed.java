package org.ikev2d.xfrm.esp;

import java.security.SecureRandom;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.KeySizes;

/**
 * What is added, bit by bit, to a packet's sequence number before it goes into the place of its IV: so each is used once.
 *
 * <p>Of a combined-mode algorithm that is the IV, and the seed is 0 (RFC 4106 §3.1, RFC 7634 §2). Of AES-CBC it is
 * encrypted with the SA's key first, since an IV must not be foreseen (RFC 3602 §3; NIST SP 800-38A, appendix C), and the
 * seed is random, so that nobody knows what was encrypted.
 *
 * @param high the first 8 octets of 16; not used where the IV has 8
 */
record IvSeed(long high, long low) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static IvSeed fresh(EspSuite suite) {
        return KeySizes.isAead(suite.encryption())
                ? new IvSeed(0, 0)
                : new IvSeed(RANDOM.nextLong(), RANDOM.nextLong());
    }

    void write(long sequence, byte[] out, int at, int size) {
        if (size == KeySizes.AEAD_IV) {
            EspCipher.LONG.set(out, at, low ^ sequence);
        } else {
            EspCipher.LONG.set(out, at, high);
            EspCipher.LONG.set(out, at + Long.BYTES, low ^ sequence);
        }
    }

    @Override
    public String toString() {
        return "IvSeed";
    }
}
