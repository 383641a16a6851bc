package org.ikev2d.core.crypto;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.registry.HashAlgorithm;

/**
 * A signature algorithm with its hash. PSS has the hash in its mask too and a salt as long as the hash's output; ECDSA
 * signatures are DER (RFC 3279 §2.2.3).
 */
public enum SignatureScheme {
    ED25519(Algorithm.ED25519, HashAlgorithm.IDENTITY, "ed25519"),
    ECDSA_SHA2_256(Algorithm.ECDSA, HashAlgorithm.SHA2_256, "ecdsa-sha256"),
    ECDSA_SHA2_384(Algorithm.ECDSA, HashAlgorithm.SHA2_384, "ecdsa-sha384"),
    ECDSA_SHA2_512(Algorithm.ECDSA, HashAlgorithm.SHA2_512, "ecdsa-sha512"),
    RSA_PSS_SHA2_256(Algorithm.RSA_PSS, HashAlgorithm.SHA2_256, "rsa-pss-sha256"),
    RSA_PSS_SHA2_384(Algorithm.RSA_PSS, HashAlgorithm.SHA2_384, "rsa-pss-sha384"),
    RSA_PSS_SHA2_512(Algorithm.RSA_PSS, HashAlgorithm.SHA2_512, "rsa-pss-sha512"),
    RSA_SHA2_256(Algorithm.RSA_PKCS1, HashAlgorithm.SHA2_256, "rsa-sha256"),
    RSA_SHA2_384(Algorithm.RSA_PKCS1, HashAlgorithm.SHA2_384, "rsa-sha384"),
    RSA_SHA2_512(Algorithm.RSA_PKCS1, HashAlgorithm.SHA2_512, "rsa-sha512"),
    /** For peers without RFC 7427 alone, which know no other hash for RSA (RFC 7296 §3.8, RFC 8247 §3.2). */
    RSA_SHA1(Algorithm.RSA_PKCS1, HashAlgorithm.SHA1, "rsa-sha1");

    /** What makes a signature of a hash. */
    public enum Algorithm {
        /** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2). */
        RSA_PKCS1,
        /** RSASSA-PSS (RFC 8017 §8.1). */
        RSA_PSS,
        ECDSA,
        /** RFC 8032 §5.1, without a hash before it. */
        ED25519
    }

    private final Algorithm algorithm;
    private final HashAlgorithm hash;
    private final String word;

    SignatureScheme(Algorithm algorithm, HashAlgorithm hash, String word) {
        this.algorithm = algorithm;
        this.hash = hash;
        this.word = word;
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    public HashAlgorithm hash() {
        return hash;
    }

    /** As operators write it. */
    public String word() {
        return word;
    }

    public static Optional<SignatureScheme> of(Algorithm algorithm, HashAlgorithm hash) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.algorithm == algorithm && scheme.hash == hash)
                .findFirst();
    }

    /**
     * Those that {@code kind} makes, the one with the hash that suits the key's strength first: for a curve the hash of
     * its size, for RSA SHA2-256, PSS before PKCS#1 (RFC 8247 §3.2).
     */
    public static List<SignatureScheme> preferred(PublicKey.Kind kind) {
        HashAlgorithm suited = switch (kind) {
            case RSA, RSA_PSS, ECDSA_P256 -> HashAlgorithm.SHA2_256;
            case ECDSA_P384 -> HashAlgorithm.SHA2_384;
            case ECDSA_P521 -> HashAlgorithm.SHA2_512;
            case ED25519 -> HashAlgorithm.IDENTITY;
        };
        return Arrays.stream(values())
                .filter(scheme -> kind.algorithms().contains(scheme.algorithm))
                .sorted(Comparator.comparing((SignatureScheme scheme) -> scheme.algorithm == Algorithm.RSA_PKCS1)
                        .thenComparing(scheme -> scheme.hash != suited))
                .toList();
    }
}
