package org.ikev2d.core.crypto;

import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.HashAlgorithm;

/**
 * What signatures are verified with.
 *
 * @param bits of the modulus, or of the curve
 * @param onlyHash the one hash that the key itself allows; only an id-RSASSA-PSS key says so (RFC 4055 §3.1)
 * @param encoded SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7), as it was read
 */
public record PublicKey(Kind kind, int bits, Optional<HashAlgorithm> onlyHash, Bytes encoded) {
    /** Shorter keys are not taken (RFC 8247 §3.1.1). */
    public static final int SHORTEST_RSA = 2048;

    /** Longer ones only cost time. */
    public static final int LONGEST_RSA = 16_384;

    /** What signs. */
    public enum Kind {
        /** rsaEncryption: with either padding. */
        RSA,
        /** id-RSASSA-PSS: with that padding only (RFC 4055 §1.2). */
        RSA_PSS,
        ECDSA_P256,
        ECDSA_P384,
        ECDSA_P521,
        ED25519;

        /** Whether it is RSA in either form. */
        public boolean isRsa() {
            return this == RSA || this == RSA_PSS;
        }

        /** The forms of signature that such keys make. */
        public Set<SignatureScheme.Algorithm> algorithms() {
            return switch (this) {
                case RSA -> Set.of(SignatureScheme.Algorithm.RSA_PSS, SignatureScheme.Algorithm.RSA_PKCS1);
                case RSA_PSS -> Set.of(SignatureScheme.Algorithm.RSA_PSS);
                case ECDSA_P256, ECDSA_P384, ECDSA_P521 -> Set.of(SignatureScheme.Algorithm.ECDSA);
                case ED25519 -> Set.of(SignatureScheme.Algorithm.ED25519);
            };
        }
    }

    /** Whether it makes signatures of that form. */
    public boolean fits(SignatureScheme scheme) {
        return kind.algorithms().contains(scheme.algorithm())
                && onlyHash.filter(hash -> hash != scheme.hash()).isEmpty();
    }

    /** For people: {@code RSA 2048}, {@code ECDSA P-256}, {@code Ed25519}. */
    public String describe() {
        return switch (kind) {
            case RSA -> "RSA " + bits;
            case RSA_PSS -> "RSA-PSS " + bits;
            case ECDSA_P256 -> "ECDSA P-256";
            case ECDSA_P384 -> "ECDSA P-384";
            case ECDSA_P521 -> "ECDSA P-521";
            case ED25519 -> "Ed25519";
        };
    }
}
