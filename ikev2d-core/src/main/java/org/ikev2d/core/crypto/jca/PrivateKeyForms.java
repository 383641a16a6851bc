package org.ikev2d.core.crypto.jca;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.UnusableKeyException;

/** Makes PrivateKeyInfo in DER (RFC 5958 §2), the caller's own, of the other forms that private keys are kept in. */
public final class PrivateKeyForms {
    private PrivateKeyForms() {}

    /** @param key RSAPrivateKey in DER (RFC 8017 §A.1.2) */
    public static Secret ofPkcs1(Secret key) throws UnusableKeyException {
        return key.use(octets -> {
            try {
                AlgorithmIdentifier rsa =
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
                return encoded(new PrivateKeyInfo(rsa, RSAPrivateKey.getInstance(octets)));
            } catch (IOException | RuntimeException e) {
                throw new UnusableKeyException("is no RSA private key: " + e.getMessage());
            }
        });
    }

    /** @param key ECPrivateKey in DER that names its curve (RFC 5915 §3) */
    public static Secret ofSec1(Secret key) throws UnusableKeyException {
        return key.use(octets -> {
            try {
                ECPrivateKey ec = ECPrivateKey.getInstance(octets);
                if (ec.getParametersObject() == null) {
                    throw new UnusableKeyException("does not say which curve it is of");
                }
                AlgorithmIdentifier curve =
                        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, ec.getParametersObject());
                return encoded(new PrivateKeyInfo(curve, ec));
            } catch (IOException | RuntimeException e) {
                throw new UnusableKeyException("is no elliptic curve private key: " + e.getMessage());
            }
        });
    }

    private static Secret encoded(PrivateKeyInfo info) throws IOException {
        return Secret.owning(info.getEncoded());
    }

    /**
     * Opens an encrypted key.
     *
     * @param key EncryptedPrivateKeyInfo in DER (RFC 5958 §3)
     * @param password ASCII
     */
    public static Secret decrypted(Secret key, Secret password) throws UnusableKeyException {
        char[] letters = letters(password);
        PBEKeySpec spec = new PBEKeySpec(letters);
        try {
            EncryptedPrivateKeyInfo info = key.use(EncryptedPrivateKeyInfo::new);
            // For PBES2 the parameters' own name says what it consists of.
            String algorithm =
                    info.getAlgParameters() != null && info.getAlgName().equals("PBES2")
                            ? info.getAlgParameters().toString()
                            : info.getAlgName();
            SecretKey secret = SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, info.getAlgParameters());
            return Secret.owning(cipher.doFinal(info.getEncryptedData()));
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableKeyException("cannot be decrypted, perhaps because the password is another: "
                    + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        } finally {
            spec.clearPassword();
            Arrays.fill(letters, '\0');
        }
    }

    /** A password of UTF-8, for the caller to zero. */
    static char[] letters(Secret password) {
        return password.use(octets -> {
            CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(octets));
            char[] letters = new char[decoded.remaining()];
            decoded.get(letters);
            Arrays.fill(decoded.array(), '\0');
            return letters;
        });
    }
}
