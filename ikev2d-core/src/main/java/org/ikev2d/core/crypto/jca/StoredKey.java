package org.ikev2d.core.crypto.jca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.crypto.UnusableKeyException;

/** A private key in memory. Kept as its octets, which can be zeroed, and decoded for each signature. */
public final class StoredKey implements SigningKey {
    private final Secret encoded;
    private final PublicKey publicKey;
    private final EntropyRandom salts;

    private StoredKey(Secret encoded, PublicKey publicKey, EntropyRandom salts) {
        this.encoded = encoded;
        this.publicKey = publicKey;
        this.salts = salts;
    }

    /**
     * Takes {@code encoded} over, and closes it when it is no key that can be used.
     *
     * @param encoded PrivateKeyInfo in DER (RFC 5958 §2)
     * @param entropy what the salts of RSASSA-PSS are made of
     */
    public static StoredKey of(Secret encoded, Entropy entropy) throws UnusableKeyException {
        try {
            Bytes derived = encoded.use(StoredKey::publicKey);
            return new StoredKey(encoded, PublicKeys.parse(derived), new EntropyRandom(entropy));
        } catch (UnusableKeyException | RuntimeException e) {
            encoded.close();
            throw e;
        }
    }

    private static Bytes publicKey(byte[] encoded) throws UnusableKeyException {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(encoded);
            AlgorithmIdentifier algorithm = info.getPrivateKeyAlgorithm();
            Kind kind = PublicKeys.kind(algorithm);
            SubjectPublicKeyInfo derived = kind.isRsa()
                    ? new SubjectPublicKeyInfo(algorithm, rsa(kind, encoded))
                    : SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(other(PrivateKeyFactory.createKey(info)));
            return Bytes.wrap(derived.getEncoded());
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            // BouncyCastle tells of bad octets by runtime exceptions of many kinds.
            throw new UnusableKeyException("is no private key: " + e.getMessage());
        }
    }

    private static RSAPublicKey rsa(Kind kind, byte[] encoded) throws GeneralSecurityException, UnusableKeyException {
        if (PublicKeys.rsaFactory(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded))
                instanceof RSAPrivateCrtKey key) {
            if (!key.getPrimeP().multiply(key.getPrimeQ()).equals(key.getModulus())) {
                throw new UnusableKeyException("is damaged: its primes do not make its modulus");
            }
            return new RSAPublicKey(key.getModulus(), key.getPublicExponent());
        }
        throw new UnusableKeyException("lacks its primes and its public exponent");
    }

    private static AsymmetricKeyParameter other(AsymmetricKeyParameter key) throws UnusableKeyException {
        if (key instanceof ECPrivateKeyParameters ec) {
            BigInteger d = ec.getD();
            return new ECPublicKeyParameters(
                    new FixedPointCombMultiplier().multiply(ec.getParameters().getG(), d), ec.getParameters());
        }
        if (key instanceof Ed25519PrivateKeyParameters ed25519) {
            return ed25519.generatePublicKey();
        }
        throw new UnusableKeyException("signs nothing here");
    }

    @Override
    public PublicKey publicKey() {
        return publicKey;
    }

    @Override
    public Bytes sign(SignatureScheme scheme, Bytes octets) {
        return encoded.use(key -> Signatures.sign(publicKey, key, scheme, octets, salts));
    }

    @Override
    public void close() {
        encoded.close();
    }

    @Override
    public String toString() {
        return "StoredKey[" + publicKey.describe() + "]";
    }
}
