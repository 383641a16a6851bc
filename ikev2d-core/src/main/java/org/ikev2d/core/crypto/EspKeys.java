package org.ikev2d.core.crypto;

/**
 * The keys of one direction of a Child SA. Whoever holds it owns both secrets.
 *
 * @param encryption with the salt behind it where the algorithm has one (4 octets for AES-GCM and ChaCha20-Poly1305)
 * @param integrity empty for combined-mode algorithms
 */
public record EspKeys(Secret encryption, Secret integrity) implements AutoCloseable {
    @Override
    public void close() {
        encryption.close();
        integrity.close();
    }
}
