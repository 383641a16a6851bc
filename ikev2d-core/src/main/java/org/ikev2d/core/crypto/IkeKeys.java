package org.ikev2d.core.crypto;

import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.wire.IkeSpi;

/**
 * The keys of an IKE SA (RFC 7296 §2.14), named as there: i keys protect what the SA's original initiator sends.
 * Whoever holds it owns all seven.
 *
 * @param skAi empty with combined-mode encryption, as is {@code skAr}
 * @param skEi with the salt behind it where the algorithm has one, as {@code skEr}
 */
public record IkeKeys(Secret skD, Secret skAi, Secret skAr, Secret skEi, Secret skEr, Secret skPi, Secret skPr)
        implements AutoCloseable {
    /**
     * The keys of a first IKE SA. {@code shared} stays its owner's to close.
     *
     * @param shared g^ir
     * @param ni the initiator's nonce, without payload header, as {@code nr}
     */
    public static IkeKeys derive(
            Algorithms algorithms, IkeSuite suite, Secret shared, Bytes ni, Bytes nr, IkeSpi spiI, IkeSpi spiR) {
        try (Secret nonces = Secret.of(ni, nr);
                Secret skeyseed = algorithms.prf(suite.prf(), nonces, shared)) {
            return expand(algorithms, suite, skeyseed, ni, nr, spiI, spiR);
        }
    }

    /**
     * The keys of an IKE SA that replaces another (RFC 7296 §2.18), or that take the place of its own after an additional
     * key exchange (RFC 9370 §2.2.2). {@code oldSkD} and {@code shared} stay their owners' to close.
     *
     * @param suite of the new SA
     * @param oldPrf of the SA that the exchange ran under
     * @param shared g^ir (new)
     * @param ni of the CREATE_CHILD_SA exchange, or of IKE_SA_INIT, as {@code nr}
     * @param spiI of the new SA, as {@code spiR}
     */
    public static IkeKeys deriveRekeyed(
            Algorithms algorithms,
            IkeSuite suite,
            Prf oldPrf,
            Secret oldSkD,
            Secret shared,
            Bytes ni,
            Bytes nr,
            IkeSpi spiI,
            IkeSpi spiR) {
        try (Secret data = shared.followedBy(ni, nr);
                Secret skeyseed = algorithms.prf(oldPrf, oldSkD, data)) {
            return expand(algorithms, suite, skeyseed, ni, nr, spiI, spiR);
        }
    }

    /**
     * With SK_d, SK_pi and SK_pr made anew from themselves and {@code ppk}, which stays its owner's (RFC 8784 §3). The
     * others are the same secrets, so that of the two records only the new one is to be closed; what it does not take
     * over is closed here.
     */
    public IkeKeys mixedWith(Algorithms algorithms, Prf prf, Secret ppk) {
        IkeKeys mixed = new IkeKeys(
                mix(algorithms, prf, ppk, skD),
                skAi,
                skAr,
                skEi,
                skEr,
                mix(algorithms, prf, ppk, skPi),
                mix(algorithms, prf, ppk, skPr));
        skD.close();
        skPi.close();
        skPr.close();
        return mixed;
    }

    /** prf+ (PPK, {@code key}), as long as {@code key} (RFC 8784 §3); the caller's. */
    public static Secret mix(Algorithms algorithms, Prf prf, Secret ppk, Secret key) {
        return algorithms.prfPlus(prf, ppk, KeySizes.prf(prf), key);
    }

    private static IkeKeys expand(
            Algorithms algorithms, IkeSuite suite, Secret skeyseed, Bytes ni, Bytes nr, IkeSpi spiI, IkeSpi spiR) {
        int prf = KeySizes.prf(suite.prf());
        int integrity = KeySizes.integrityKey(suite.integrity());
        int encryption = KeySizes.encryptionKey(suite.encryption(), suite.keyBits());
        Bytes spis = new ByteWriter().u64(spiI.value()).u64(spiR.value()).toBytes();
        int length = 3 * prf + 2 * integrity + 2 * encryption;
        try (Secret stream = algorithms.prfPlus(suite.prf(), skeyseed, length, ni, nr, spis)) {
            Secret[] keys = stream.split(prf, integrity, integrity, encryption, encryption, prf, prf);
            return new IkeKeys(keys[0], keys[1], keys[2], keys[3], keys[4], keys[5], keys[6]);
        }
    }

    @Override
    public void close() {
        skD.close();
        skAi.close();
        skAr.close();
        skEi.close();
        skEr.close();
        skPi.close();
        skPr.close();
    }
}
