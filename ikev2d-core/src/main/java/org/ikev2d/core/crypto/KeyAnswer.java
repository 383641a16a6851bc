package org.ikev2d.core.crypto;

import org.ikev2d.core.bytes.Bytes;

/**
 * What a responder makes of the initiator's public value. Whoever holds it owns the secret.
 *
 * @param publicValue for the KE payload of the answer (RFC 7296 §3.4): a public key, or a ciphertext
 * @param shared the shared secret (g^ir)
 */
public record KeyAnswer(Bytes publicValue, Secret shared) implements AutoCloseable {
    @Override
    public void close() {
        shared.close();
    }
}
