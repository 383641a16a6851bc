package org.ikev2d.core.auth;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.registry.AuthMethod;
import org.ikev2d.core.registry.HashAlgorithm;
import org.ikev2d.core.wire.Payload;

/**
 * Authentication by a signature (RFC 7296 §2.15): with a peer that speaks RFC 7427 by its method, which names the
 * algorithm; else by the older methods, each of which stands for one (RFC 7296 §3.8, RFC 4754 §6).
 */
public final class SignatureAuthentication {
    private static final List<SignatureScheme> PKCS1 = List.of(
            SignatureScheme.RSA_SHA1,
            SignatureScheme.RSA_SHA2_256,
            SignatureScheme.RSA_SHA2_384,
            SignatureScheme.RSA_SHA2_512);

    private final Algorithms algorithms;
    private final SignedOctets signed;

    public SignatureAuthentication(Algorithms algorithms, SignedOctets signed) {
        this.algorithms = algorithms;
        this.signed = signed;
    }

    /** An AUTH payload, and the form of its signature. */
    public record Proof(Payload.Authentication payload, SignatureScheme scheme) {}

    /** Signs in the first of our forms that the peer takes. */
    public Proof sign(LocalAuth.Signature ours, PeerOffer offer) throws AuthRefusedException {
        return offer.speaksRfc7427() ? signNamed(ours, offer.hashes().orElseThrow()) : signUnnamed(ours);
    }

    private Proof signNamed(LocalAuth.Signature ours, List<HashAlgorithm> taken) throws AuthRefusedException {
        SignatureScheme scheme = ours.schemes().stream()
                .filter(one -> one.hash() != HashAlgorithm.SHA1 && taken.contains(one.hash()))
                .findFirst()
                .orElseThrow(() -> new AuthRefusedException(
                        "our key (" + ours.key().publicKey().describe() + ") signs as " + words(ours.schemes())
                                + ", the peer takes the hashes " + taken + ": no form in common"));
        Bytes identifier = AlgorithmIdentifiers.of(scheme);
        Bytes data = new ByteWriter()
                .u8(identifier.size())
                .bytes(identifier)
                .bytes(ours.key().sign(scheme, signed.octets()))
                .toBytes();
        return new Proof(new Payload.Authentication(AuthMethod.DIGITAL_SIGNATURE.code(), data), scheme);
    }

    private Proof signUnnamed(LocalAuth.Signature ours) throws AuthRefusedException {
        PublicKey.Kind kind = ours.key().publicKey().kind();
        SignatureScheme scheme = Optional.of(kind)
                .flatMap(SignatureAuthentication::unnamed)
                .orElseThrow(() -> new AuthRefusedException("the peer does not speak RFC 7427, without which a key of "
                        + ours.key().publicKey().describe() + " cannot be used"));
        if (!ours.schemes().contains(scheme)) {
            throw new AuthRefusedException("the peer does not speak RFC 7427, so that we would have to sign as "
                    + scheme.word() + ", which signatures does not allow");
        }
        Bytes signature = ours.key().sign(scheme, signed.octets());
        Bytes data = kind == PublicKey.Kind.RSA ? signature : algorithms.plainEcdsa(kind, signature);
        return new Proof(new Payload.Authentication(method(kind).code(), data), scheme);
    }

    /** What an older method of a key has to be: for RSA, SHA-1 is the only hash that every peer takes. */
    private static Optional<SignatureScheme> unnamed(PublicKey.Kind kind) {
        return switch (kind) {
            case RSA -> Optional.of(SignatureScheme.RSA_SHA1);
            case ECDSA_P256 -> Optional.of(SignatureScheme.ECDSA_SHA2_256);
            case ECDSA_P384 -> Optional.of(SignatureScheme.ECDSA_SHA2_384);
            case ECDSA_P521 -> Optional.of(SignatureScheme.ECDSA_SHA2_512);
            case RSA_PSS, ED25519 -> Optional.empty();
        };
    }

    private static AuthMethod method(PublicKey.Kind kind) {
        return switch (kind) {
            case RSA, RSA_PSS -> AuthMethod.RSA_SIGNATURE;
            case ECDSA_P256 -> AuthMethod.ECDSA_SHA256_P256;
            case ECDSA_P384 -> AuthMethod.ECDSA_SHA384_P384;
            case ECDSA_P521 -> AuthMethod.ECDSA_SHA512_P521;
            case ED25519 -> AuthMethod.DIGITAL_SIGNATURE;
        };
    }

    /** Whether {@code method} is one of signatures. */
    public static boolean isSignature(int method) {
        return AuthMethod.of(method)
                .filter(one -> one != AuthMethod.SHARED_KEY_MIC)
                .isPresent();
    }

    /**
     * Verifies the peer's signature.
     *
     * @param accepted the forms that are taken
     * @return the form that it has
     */
    public SignatureScheme verify(
            PublicKey key, List<SignatureScheme> accepted, PeerOffer offer, Payload.Authentication proof)
            throws AuthRefusedException {
        AuthMethod method = AuthMethod.of(proof.method())
                .orElseThrow(() -> new AuthRefusedException("authentication method " + proof.method() + " is unknown"));
        if (method == AuthMethod.SHARED_KEY_MIC) {
            throw new AuthRefusedException("the peer proves itself with a PSK, a signature is wanted");
        }
        if ((method == AuthMethod.DIGITAL_SIGNATURE) != offer.speaksRfc7427()) {
            throw new AuthRefusedException("the peer signs by method " + proof.method() + " ("
                    + method + "), though it " + (offer.speaksRfc7427() ? "said" : "did not say")
                    + " that it speaks RFC 7427");
        }
        return method == AuthMethod.DIGITAL_SIGNATURE
                ? verifyNamed(key, accepted, proof.data())
                : verifyUnnamed(key, accepted, method, proof.data());
    }

    private SignatureScheme verifyNamed(PublicKey key, List<SignatureScheme> accepted, Bytes data)
            throws AuthRefusedException {
        int size = data.isEmpty() ? 0 : data.at(0);
        if (size == 0 || size >= data.size()) {
            throw new AuthRefusedException("the peer's AUTH payload is cut off in its algorithm identifier");
        }
        Bytes identifier = data.slice(1, 1 + size);
        SignatureScheme scheme = AlgorithmIdentifiers.find(identifier)
                .orElseThrow(() -> new AuthRefusedException(
                        "the peer signs by an algorithm that is not known here: " + identifier.toHex()));
        if (scheme.hash() == HashAlgorithm.SHA1) {
            throw new AuthRefusedException("the peer signs with SHA-1, which is too weak (RFC 8247 §3.2)");
        }
        require(key, scheme, accepted);
        verify(key, scheme, data.slice(1 + size, data.size()));
        return scheme;
    }

    private SignatureScheme verifyUnnamed(
            PublicKey key, List<SignatureScheme> accepted, AuthMethod method, Bytes signature)
            throws AuthRefusedException {
        if (method != method(key.kind()) || key.kind() == PublicKey.Kind.RSA_PSS) {
            throw new AuthRefusedException("the peer signs by method " + method.code() + " (" + method
                    + "), but its key is " + key.describe());
        }
        if (key.kind() == PublicKey.Kind.RSA) {
            return verifyPkcs1(key, accepted, signature);
        }
        SignatureScheme scheme = unnamed(key.kind()).orElseThrow();
        require(key, scheme, accepted);
        verify(
                key,
                scheme,
                algorithms
                        .derEcdsa(key.kind(), signature)
                        .orElseThrow(() -> new AuthRefusedException("the peer's signature of " + signature.size()
                                + " octets is not as long as those of its key (" + key.describe() + ")")));
        return scheme;
    }

    /** The hash is named inside the signature. */
    private SignatureScheme verifyPkcs1(PublicKey key, List<SignatureScheme> accepted, Bytes signature)
            throws AuthRefusedException {
        for (SignatureScheme scheme : PKCS1) {
            if (algorithms.verify(key, scheme, signed.octets(), signature)) {
                require(key, scheme, accepted);
                return scheme;
            }
        }
        throw wrong(key);
    }

    private static void require(PublicKey key, SignatureScheme scheme, List<SignatureScheme> accepted)
            throws AuthRefusedException {
        if (!key.fits(scheme)) {
            throw new AuthRefusedException("the peer signs as " + scheme.word() + ", but its key is " + key.describe());
        }
        if (!accepted.contains(scheme)) {
            throw new AuthRefusedException(
                    "the peer signs as " + scheme.word() + ", signatures allows " + words(accepted));
        }
    }

    private void verify(PublicKey key, SignatureScheme scheme, Bytes signature) throws AuthRefusedException {
        if (!algorithms.verify(key, scheme, signed.octets(), signature)) {
            throw wrong(key);
        }
    }

    private static AuthRefusedException wrong(PublicKey key) {
        return new AuthRefusedException("the peer's signature is not made with the private key of its " + key.describe()
                + " key, or not over what we saw");
    }

    private static String words(List<SignatureScheme> schemes) {
        return schemes.stream().map(SignatureScheme::word).collect(Collectors.joining(", "));
    }
}
