package org.ikev2d.core.crypto;

import org.ikev2d.core.bytes.Bytes;

/** A private key, wherever it lives. Whoever made it closes it. */
public interface SigningKey extends AutoCloseable {
    PublicKey publicKey();

    /** @param scheme one that {@link PublicKey#fits} */
    Bytes sign(SignatureScheme scheme, Bytes octets);

    @Override
    void close();
}
