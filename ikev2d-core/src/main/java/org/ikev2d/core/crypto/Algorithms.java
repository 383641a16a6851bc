package org.ikev2d.core.crypto;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/**
 * The primitives that IKEv2 is made of. Secrets that go in stay their owners'; each one that comes out is the caller's
 * own. Wrong sizes are bugs of ours: {@link IllegalArgumentException}.
 */
public interface Algorithms {
    /** An initiator's fresh private value, the caller's to close; {@link KeyExchangeMethod#NONE} is refused. */
    KeyExchange keyExchange(KeyExchangeMethod method);

    /**
     * The responder's part of a key exchange, the caller's to close; {@link KeyExchangeMethod#NONE} is refused.
     *
     * @param initiators the initiator's public value
     * @throws InvalidPublicValueException when {@code initiators} is of a wrong length or fails the checks of RFC 6989 §2,
     *     RFC 7748 §6.1 or FIPS 203 §7.2
     */
    KeyAnswer answer(KeyExchangeMethod method, Bytes initiators) throws InvalidPublicValueException;

    /**
     * As long as {@link KeySizes#prf}.
     *
     * @param key not empty
     */
    Secret prf(Prf prf, Secret key, Secret data);

    /** {@link #prf(Prf, Secret, Secret)} over public octets. */
    default Secret prf(Prf prf, Secret key, Bytes... data) {
        try (Secret joined = Secret.of(data)) {
            return prf(prf, key, joined);
        }
    }

    /**
     * The first {@code length} octets of prf+ (RFC 7296 §2.13).
     *
     * @param length at most 255 times the PRF's output
     */
    Secret prfPlus(Prf prf, Secret key, int length, Secret seed);

    /** {@link #prfPlus(Prf, Secret, int, Secret)} with a seed of public octets. */
    default Secret prfPlus(Prf prf, Secret key, int length, Bytes... seed) {
        try (Secret joined = Secret.of(seed)) {
            return prfPlus(prf, key, length, joined);
        }
    }

    /**
     * The integrity check value, {@link KeySizes#checksum} octets. A secret, because whoever knows it before it came
     * could forge the message; {@link Secret#matches} compares it.
     */
    Secret checksum(Integrity integrity, Secret key, Bytes data);

    /**
     * Encrypts with a combined-mode algorithm: as long as {@code plaintext}, with {@link KeySizes#AEAD_TAG} octets
     * behind.
     *
     * @param key with the salt behind it
     * @param iv {@link KeySizes#AEAD_IV} octets, never twice under one key
     */
    Bytes seal(EncryptionAlgorithm algorithm, Secret key, Bytes iv, Bytes associatedData, Bytes plaintext);

    /**
     * Undoes {@link #seal}; empty when any of the octets is not as it was sealed.
     *
     * @param sealed ciphertext with the tag behind it
     */
    Optional<Bytes> open(EncryptionAlgorithm algorithm, Secret key, Bytes iv, Bytes associatedData, Bytes sealed);

    /**
     * AES-CBC without padding (RFC 3602 §2).
     *
     * @param iv {@link KeySizes#CBC_BLOCK} octets that nobody could foretell
     * @param plaintext whole blocks
     */
    Bytes encryptCbc(Secret key, Bytes iv, Bytes plaintext);

    /**
     * Undoes {@link #encryptCbc}. Says nothing about who sent the octets: a checksum over them comes first.
     *
     * @param ciphertext whole blocks
     */
    Bytes decryptCbc(Secret key, Bytes iv, Bytes ciphertext);

    /** 20 octets; for NAT detection (RFC 7296 §2.23), and to name keys (RFC 7296 §3.7). */
    Bytes sha1(Bytes... data);

    /**
     * Whether {@code signature} is {@code key}'s over {@code octets}; false too for a signature that cannot be one.
     *
     * @param scheme one that {@code key} fits
     */
    boolean verify(PublicKey key, SignatureScheme scheme, Bytes octets, Bytes signature);

    /** An ECDSA signature as r | s, each as long as the curve's order, for one in DER (RFC 4754 §7). */
    Bytes plainEcdsa(PublicKey.Kind curve, Bytes signature);

    /** Undoes {@link #plainEcdsa}; empty when {@code plain} is not of the curve's length. */
    Optional<Bytes> derEcdsa(PublicKey.Kind curve, Bytes plain);
}
