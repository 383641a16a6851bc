package org.ikev2d.core.crypto;

import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;

/**
 * What was negotiated for a Child SA.
 *
 * @param keyBits of the encryption key, without salt: 128 or 256
 * @param integrity {@link Integrity#NONE} for combined-mode algorithms
 * @param esn extended sequence numbers (RFC 4303 §2.2.1)
 */
public record EspSuite(EncryptionAlgorithm encryption, int keyBits, Integrity integrity, boolean esn) {
    /** @throws IllegalArgumentException when these do not go together */
    public EspSuite {
        KeySizes.check(encryption, keyBits, integrity);
    }

    @Override
    public String toString() {
        return encryption + "-" + keyBits + (integrity == Integrity.NONE ? "" : "/" + integrity) + (esn ? "/ESN" : "");
    }
}
