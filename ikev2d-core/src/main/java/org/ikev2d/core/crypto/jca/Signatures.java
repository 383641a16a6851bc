package org.ikev2d.core.crypto.jca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.DSAEncoding;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.registry.HashAlgorithm;

/** RSA by the JDK, curves by BouncyCastle: each is the faster there. */
final class Signatures {
    private static final Map<PublicKey.Kind, BigInteger> ORDERS = Map.of(
            PublicKey.Kind.ECDSA_P256, CustomNamedCurves.getByName("secp256r1").getN(),
            PublicKey.Kind.ECDSA_P384, CustomNamedCurves.getByName("secp384r1").getN(),
            PublicKey.Kind.ECDSA_P521, CustomNamedCurves.getByName("secp521r1").getN());

    private Signatures() {}

    static boolean verify(PublicKey key, SignatureScheme scheme, Bytes octets, Bytes signature) {
        requireFit(key, scheme);
        try {
            if (key.kind().isRsa()) {
                Signature verifier = rsa(scheme);
                verifier.initVerify(PublicKeys.rsa(key.kind(), key.encoded()));
                verifier.update(octets.toArray());
                return verifier.verify(signature.toArray());
            }
            Signer verifier = curve(scheme);
            verifier.init(false, PublicKeys.other(key.encoded()));
            verifier.update(octets.toArray(), 0, octets.size());
            return verifier.verifySignature(signature.toArray());
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException | UnusableKeyException e) {
            throw new IllegalArgumentException(scheme + " cannot be verified", e);
        }
    }

    /** @param privateKey PKCS #8 in DER, of {@code key} */
    static Bytes sign(PublicKey key, byte[] privateKey, SignatureScheme scheme, Bytes octets, SecureRandom salts) {
        requireFit(key, scheme);
        try {
            if (key.kind().isRsa()) {
                Signature signer = rsa(scheme);
                signer.initSign(
                        PublicKeys.rsaFactory(key.kind()).generatePrivate(new PKCS8EncodedKeySpec(privateKey)), salts);
                signer.update(octets.toArray());
                return Bytes.wrap(signer.sign());
            }
            Signer signer = curve(scheme);
            signer.init(true, PrivateKeyFactory.createKey(privateKey));
            signer.update(octets.toArray(), 0, octets.size());
            return Bytes.wrap(signer.generateSignature());
        } catch (GeneralSecurityException | IOException | CryptoException e) {
            throw new IllegalArgumentException(scheme + " cannot be made", e);
        }
    }

    private static void requireFit(PublicKey key, SignatureScheme scheme) {
        if (!key.fits(scheme)) {
            throw new IllegalArgumentException("a key of " + key.describe() + " makes no " + scheme);
        }
    }

    private static Signature rsa(SignatureScheme scheme) throws GeneralSecurityException {
        String hash = jdkName(scheme.hash());
        if (scheme.algorithm() == SignatureScheme.Algorithm.RSA_PKCS1) {
            return Signature.getInstance(hash.replace("-", "") + "withRSA");
        }
        Signature pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), octets(scheme.hash()), 1));
        return pss;
    }

    static String jdkName(HashAlgorithm hash) {
        return switch (hash) {
            case SHA1 -> "SHA-1";
            case SHA2_256 -> "SHA-256";
            case SHA2_384 -> "SHA-384";
            case SHA2_512 -> "SHA-512";
            case IDENTITY -> throw new IllegalArgumentException("no hash");
        };
    }

    static int octets(HashAlgorithm hash) {
        return switch (hash) {
            case SHA1 -> 20;
            case SHA2_256 -> 32;
            case SHA2_384 -> 48;
            case SHA2_512 -> 64;
            case IDENTITY -> throw new IllegalArgumentException("no hash");
        };
    }

    /** ECDSA's secret number follows from key and message (RFC 6979): no randomness that could be bad. */
    private static Signer curve(SignatureScheme scheme) {
        return scheme.algorithm() == SignatureScheme.Algorithm.ED25519
                ? new Ed25519Signer()
                : new DSADigestSigner(
                        new ECDSASigner(new HMacDSAKCalculator(digest(scheme.hash()))),
                        digest(scheme.hash()),
                        StandardDSAEncoding.INSTANCE);
    }

    private static Digest digest(HashAlgorithm hash) {
        return switch (hash) {
            case SHA2_256 -> SHA256Digest.newInstance();
            case SHA2_384 -> new SHA384Digest();
            case SHA2_512 -> new SHA512Digest();
            case SHA1, IDENTITY -> throw new IllegalArgumentException(hash + " does not go with ECDSA");
        };
    }

    static Bytes plain(PublicKey.Kind curve, Bytes signature) {
        return recoded(curve, signature, StandardDSAEncoding.INSTANCE, PlainDSAEncoding.INSTANCE)
                .orElseThrow();
    }

    static Optional<Bytes> der(PublicKey.Kind curve, Bytes plain) {
        return recoded(curve, plain, PlainDSAEncoding.INSTANCE, StandardDSAEncoding.INSTANCE);
    }

    private static Optional<Bytes> recoded(PublicKey.Kind curve, Bytes value, DSAEncoding from, DSAEncoding to) {
        BigInteger order = ORDERS.get(curve);
        if (order == null) {
            throw new IllegalArgumentException(curve + " makes no ECDSA signatures");
        }
        try {
            BigInteger[] pair = from.decode(order, value.toArray());
            return Optional.of(Bytes.wrap(to.encode(order, pair[0], pair[1])));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
