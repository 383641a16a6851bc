package org.ikev2d.core.crypto.jca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.registry.HashAlgorithm;

/** Public keys out of their DER. */
public final class PublicKeys {
    /** id-Ed25519 (RFC 8410 §3). */
    private static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

    private static final Map<ASN1ObjectIdentifier, Kind> CURVES = Map.of(
            SECObjectIdentifiers.secp256r1, Kind.ECDSA_P256,
            SECObjectIdentifiers.secp384r1, Kind.ECDSA_P384,
            SECObjectIdentifiers.secp521r1, Kind.ECDSA_P521);

    private PublicKeys() {}

    /** @param encoded SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) */
    public static PublicKey parse(Bytes encoded) throws UnusableKeyException {
        try {
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(encoded.toArray());
            Kind kind = kind(info.getAlgorithm());
            if (kind.isRsa()) {
                RSAPublicKey key = rsa(kind, encoded);
                return new PublicKey(kind, checkedRsaBits(key), onlyHash(key), encoded);
            }
            // Refuses a point that is not on the curve.
            var unused = other(encoded);
            return new PublicKey(kind, curveBits(kind), Optional.empty(), encoded);
        } catch (RuntimeException e) {
            // BouncyCastle tells of bad octets by runtime exceptions of many kinds.
            throw new UnusableKeyException("is no SubjectPublicKeyInfo: " + e.getMessage());
        }
    }

    /** What keys of {@code algorithm} are, public or private. */
    static Kind kind(AlgorithmIdentifier algorithm) throws UnusableKeyException {
        ASN1ObjectIdentifier name = algorithm.getAlgorithm();
        if (name.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return Kind.RSA;
        }
        if (name.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
            return Kind.RSA_PSS;
        }
        if (name.equals(ED25519)) {
            return Kind.ED25519;
        }
        if (!name.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            throw new UnusableKeyException("is of algorithm " + name + ", which signs nothing here");
        }
        if (!(algorithm.getParameters() instanceof ASN1ObjectIdentifier curve)) {
            throw new UnusableKeyException("does not name its curve");
        }
        Kind kind = CURVES.get(curve);
        if (kind == null) {
            throw new UnusableKeyException("is of curve " + curve + "; P-256, P-384 and P-521 are known");
        }
        return kind;
    }

    static RSAPublicKey rsa(Kind kind, Bytes encoded) throws UnusableKeyException {
        try {
            return (RSAPublicKey) rsaFactory(kind).generatePublic(new X509EncodedKeySpec(encoded.toArray()));
        } catch (GeneralSecurityException e) {
            throw new UnusableKeyException("is no RSA key: " + e.getMessage());
        }
    }

    static KeyFactory rsaFactory(Kind kind) throws GeneralSecurityException {
        return KeyFactory.getInstance(kind == Kind.RSA_PSS ? "RSASSA-PSS" : "RSA");
    }

    /** One that is not RSA. */
    static AsymmetricKeyParameter other(Bytes encoded) throws UnusableKeyException {
        try {
            return PublicKeyFactory.createKey(encoded.toArray());
        } catch (IOException e) {
            throw new UnusableKeyException("is no such key: " + e.getMessage());
        }
    }

    private static int checkedRsaBits(RSAPublicKey key) throws UnusableKeyException {
        int bits = key.getModulus().bitLength();
        if (bits < PublicKey.SHORTEST_RSA) {
            throw new UnusableKeyException(
                    "is RSA of " + bits + " bits; " + PublicKey.SHORTEST_RSA + " is the least (RFC 8247 §3.1.1)");
        }
        BigInteger exponent = key.getPublicExponent();
        boolean odd = exponent.testBit(0) && key.getModulus().testBit(0);
        if (bits > PublicKey.LONGEST_RSA || !odd || exponent.bitLength() < 2 || exponent.bitLength() > 64) {
            throw new UnusableKeyException(
                    "is RSA of " + bits + " bits with exponent " + exponent.toString(16) + ", which nobody should use");
        }
        return bits;
    }

    private static Optional<HashAlgorithm> onlyHash(RSAPublicKey key) throws UnusableKeyException {
        if (!(key.getParams() instanceof PSSParameterSpec parameters)) {
            return Optional.empty();
        }
        for (HashAlgorithm hash : List.of(HashAlgorithm.SHA2_256, HashAlgorithm.SHA2_384, HashAlgorithm.SHA2_512)) {
            if (Signatures.jdkName(hash).equals(parameters.getDigestAlgorithm())
                    && parameters.getSaltLength() <= Signatures.octets(hash)) {
                return Optional.of(hash);
            }
        }
        throw new UnusableKeyException("is for RSASSA-PSS with " + parameters.getDigestAlgorithm() + " and a salt of "
                + parameters.getSaltLength() + " octets or more, which is not done here");
    }

    private static int curveBits(Kind kind) {
        return switch (kind) {
            case ECDSA_P256, ED25519 -> 256;
            case ECDSA_P384 -> 384;
            case ECDSA_P521 -> 521;
            case RSA, RSA_PSS -> throw new IllegalArgumentException(kind + " has no curve");
        };
    }
}
