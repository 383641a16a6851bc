package org.ikev2d.core.crypto;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.KeyExchangeMethod;

/** An initiator's end of one key exchange: a private value and its public one. Used once, then closed. */
public interface KeyExchange extends AutoCloseable {
    KeyExchangeMethod method();

    /** As the KE payload carries it (RFC 7296 §3.4, RFC 5903 §7, RFC 8031 §3.1). */
    Bytes publicValue();

    /**
     * The shared secret (g^ir), the caller's own.
     *
     * @param peer what the responder sent. Of a ciphertext that is not for this key nobody can tell: the two ends' secrets
     *     then differ (FIPS 203 §6.3)
     * @throws InvalidPublicValueException when {@code peer} is of a wrong length or fails the checks of RFC 6989 §2 or
     *     RFC 7748 §6.1
     */
    Secret agree(Bytes peer) throws InvalidPublicValueException;

    @Override
    void close();
}
