package org.ikev2d.core.crypto;

import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/**
 * What was negotiated for an IKE SA.
 *
 * @param keyBits of the encryption key, without salt: 128 or 256
 * @param integrity {@link Integrity#NONE} for combined-mode algorithms
 */
public record IkeSuite(
        EncryptionAlgorithm encryption, int keyBits, Integrity integrity, Prf prf, KeyExchangeMethod keyExchange) {
    /** @throws IllegalArgumentException when these do not go together */
    public IkeSuite {
        KeySizes.check(encryption, keyBits, integrity);
    }

    @Override
    public String toString() {
        return encryption
                + "-"
                + keyBits
                + (integrity == Integrity.NONE ? "" : "/" + integrity)
                + "/PRF_"
                + prf
                + "/"
                + keyExchange;
    }
}
