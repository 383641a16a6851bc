package org.ikev2d.core.crypto;

import java.util.List;
import java.util.stream.Collectors;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/**
 * What was negotiated for an IKE SA.
 *
 * @param keyBits of the encryption key, without salt: 128 or 256
 * @param integrity {@link Integrity#NONE} for combined-mode algorithms
 * @param additional key exchanges behind the first, in their order (RFC 9370)
 */
public record IkeSuite(
        EncryptionAlgorithm encryption,
        int keyBits,
        Integrity integrity,
        Prf prf,
        KeyExchangeMethod keyExchange,
        List<KeyExchangeMethod> additional) {
    /** @throws IllegalArgumentException when these do not go together */
    public IkeSuite {
        additional = List.copyOf(additional);
        KeySizes.check(encryption, keyBits, integrity);
    }

    /** With one key exchange. */
    public IkeSuite(
            EncryptionAlgorithm encryption, int keyBits, Integrity integrity, Prf prf, KeyExchangeMethod keyExchange) {
        this(encryption, keyBits, integrity, prf, keyExchange, List.of());
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
                + keyExchange
                + additional.stream().map(method -> "+" + method).collect(Collectors.joining());
    }
}
