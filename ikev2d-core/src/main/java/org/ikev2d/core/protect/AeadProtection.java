package org.ikev2d.core.protect;

import java.math.BigInteger;
import java.util.Optional;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.wire.Sealed;

/**
 * Combined-mode encryption (RFC 5282, RFC 7634). Initialization vectors are a counter that starts anywhere: none comes
 * twice before 2^64 messages.
 */
final class AeadProtection implements Protection {
    private final Algorithms algorithms;
    private final EncryptionAlgorithm algorithm;
    private final Secret localKey;
    private final Secret remoteKey;
    private long nextIv;

    AeadProtection(
            Algorithms algorithms, Entropy entropy, EncryptionAlgorithm algorithm, Secret localKey, Secret remoteKey) {
        this.algorithms = algorithms;
        this.algorithm = algorithm;
        this.localKey = localKey;
        this.remoteKey = remoteKey;
        this.nextIv = new BigInteger(entropy.octets(KeySizes.AEAD_IV)).longValue();
    }

    @Override
    public int ivSize() {
        return KeySizes.AEAD_IV;
    }

    @Override
    public int checksumSize() {
        return KeySizes.AEAD_TAG;
    }

    @Override
    public int padding(int payloadsSize) {
        return 0;
    }

    @Override
    public Bytes seal(Bytes frame, Bytes plaintext) {
        Bytes iv = new ByteWriter().u64(nextIv++).toBytes();
        return Bytes.concat(iv, algorithms.seal(algorithm, localKey, iv, frame, plaintext));
    }

    @Override
    public Optional<Bytes> open(Sealed sealed) {
        Bytes body = sealed.body();
        return algorithms.open(
                algorithm,
                remoteKey,
                body.slice(0, KeySizes.AEAD_IV),
                sealed.associatedData(),
                body.slice(KeySizes.AEAD_IV, body.size()));
    }
}
