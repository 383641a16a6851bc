package org.ikev2d.core.crypto;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.Prf;

/**
 * The keys of a Child SA (RFC 7296 §2.17). The initiator is who sent the request that made this Child SA, which need
 * not be the IKE SA's. Whoever holds it owns the keys of both directions.
 */
public record ChildKeys(EspKeys initiatorToResponder, EspKeys responderToInitiator) implements AutoCloseable {
    /**
     * Derives from the IKE SA's {@code skD}, which stays its owner's to close, as {@code shared} does.
     *
     * @param prf the IKE SA's
     * @param shared g^ir (new), where the exchange carried KE payloads
     * @param ni of the exchange that made the Child SA, IKE_SA_INIT's for the first, as {@code nr}
     */
    public static ChildKeys derive(
            Algorithms algorithms, Prf prf, Secret skD, EspSuite suite, Optional<Secret> shared, Bytes ni, Bytes nr) {
        int encryption = KeySizes.encryptionKey(suite.encryption(), suite.keyBits());
        int integrity = KeySizes.integrityKey(suite.integrity());
        int length = 2 * (encryption + integrity);
        try (Secret seed = shared.map(secret -> secret.followedBy(ni, nr)).orElseGet(() -> Secret.of(ni, nr));
                Secret keymat = algorithms.prfPlus(prf, skD, length, seed)) {
            Secret[] keys = keymat.split(encryption, integrity, encryption, integrity);
            return new ChildKeys(new EspKeys(keys[0], keys[1]), new EspKeys(keys[2], keys[3]));
        }
    }

    @Override
    public void close() {
        initiatorToResponder.close();
        responderToInitiator.close();
    }
}
