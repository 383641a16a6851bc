package org.ikev2d.core.crypto;

import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.Prf;

/** The lengths that go with each algorithm, in octets. */
public final class KeySizes {
    /** The initialization vector that a combined-mode algorithm sends (RFC 5282 §3.1, RFC 7634 §2). */
    public static final int AEAD_IV = 8;
    /** The integrity check value of a combined-mode algorithm (RFC 4106 §6, RFC 7634 §2). */
    public static final int AEAD_TAG = 16;
    /** What stands behind a combined-mode key and before the IV in the nonce (RFC 5282 §7.1, RFC 7634 §2). */
    public static final int SALT = 4;
    /** Block and initialization vector of AES-CBC (RFC 3602 §2). */
    public static final int CBC_BLOCK = 16;

    private KeySizes() {}

    /** Whether the algorithm protects integrity too, and so goes without one of {@link Integrity}. */
    public static boolean isAead(EncryptionAlgorithm algorithm) {
        return switch (algorithm) {
            case AES_CBC -> false;
            case AES_GCM_16, CHACHA20_POLY1305 -> true;
        };
    }

    /**
     * The encryption key as it is cut from keying material: with the salt behind it where there is one.
     *
     * @throws IllegalArgumentException when the algorithm has no keys of {@code keyBits}
     */
    public static int encryptionKey(EncryptionAlgorithm algorithm, int keyBits) {
        checkKeyBits(algorithm, keyBits);
        return keyBits / 8 + (isAead(algorithm) ? SALT : 0);
    }

    /** The key, as long as the hash's output (RFC 4868 §2.1.1); 0 for none. */
    public static int integrityKey(Integrity integrity) {
        return switch (integrity) {
            case NONE -> 0;
            case HMAC_SHA2_256_128 -> 32;
            case HMAC_SHA2_384_192 -> 48;
            case HMAC_SHA2_512_256 -> 64;
        };
    }

    /** The integrity check value: half the hash's output (RFC 4868 §2.3); 0 for none. */
    public static int checksum(Integrity integrity) {
        return integrityKey(integrity) / 2;
    }

    /** Output and preferred key length (RFC 4868 §2.4, RFC 7296 §2.13). */
    public static int prf(Prf prf) {
        return switch (prf) {
            case HMAC_SHA2_256 -> 32;
            case HMAC_SHA2_384 -> 48;
            case HMAC_SHA2_512 -> 64;
        };
    }

    /** Refuses what must not be negotiated: an unknown key length, no integrity at all, or two of them. */
    static void check(EncryptionAlgorithm algorithm, int keyBits, Integrity integrity) {
        checkKeyBits(algorithm, keyBits);
        if (isAead(algorithm) != (integrity == Integrity.NONE)) {
            throw new IllegalArgumentException(algorithm + " does not go with integrity " + integrity);
        }
    }

    private static void checkKeyBits(EncryptionAlgorithm algorithm, int keyBits) {
        boolean known = switch (algorithm) {
            case AES_CBC, AES_GCM_16 -> keyBits == 128 || keyBits == 256;
            case CHACHA20_POLY1305 -> keyBits == 256;
        };
        if (!known) {
            throw new IllegalArgumentException(algorithm + " has no keys of " + keyBits + " bits");
        }
    }
}
