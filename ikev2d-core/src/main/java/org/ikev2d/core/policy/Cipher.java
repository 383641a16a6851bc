package org.ikev2d.core.policy;

import org.ikev2d.core.registry.EncryptionAlgorithm;

/**
 * An encryption algorithm with a key size.
 *
 * @param keyBits 128 or 256; ChaCha20-Poly1305 has 256 and sends no Key Length attribute (RFC 7634 §4)
 */
public record Cipher(EncryptionAlgorithm algorithm, int keyBits) {
    public boolean isAead() {
        return algorithm != EncryptionAlgorithm.AES_CBC;
    }
}
