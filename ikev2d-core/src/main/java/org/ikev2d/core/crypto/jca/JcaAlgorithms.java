package org.ikev2d.core.crypto.jca;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.agreement.DHStandardGroups;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.InvalidPublicValueException;
import org.ikev2d.core.crypto.KeyAnswer;
import org.ikev2d.core.crypto.KeyExchange;
import org.ikev2d.core.crypto.KeySizes;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/**
 * Each primitive by the provider that is fastest at it: hashes, HMAC and ciphers are the JDK's, curves and ML-KEM are
 * BouncyCastle's. Safe for use by several threads when its entropy is.
 */
public final class JcaAlgorithms implements Algorithms {
    private static final Map<KeyExchangeMethod, Group> GROUPS = groups();
    private static final Map<KeyExchangeMethod, MlKem> KEMS = Map.of(
            KeyExchangeMethod.ML_KEM_768,
            new MlKem(KeyExchangeMethod.ML_KEM_768, MLKEMParameters.ml_kem_768, 3),
            KeyExchangeMethod.ML_KEM_1024,
            new MlKem(KeyExchangeMethod.ML_KEM_1024, MLKEMParameters.ml_kem_1024, 4));

    private final Entropy entropy;

    /** @param entropy what private values are made of, and nothing else is */
    public JcaAlgorithms(Entropy entropy) {
        this.entropy = entropy;
    }

    /** MODP exponents exceed the estimates of RFC 3526 §8 for the groups' lower strengths: 220, 260 and 300 bits. */
    private static Map<KeyExchangeMethod, Group> groups() {
        Map<KeyExchangeMethod, Group> groups = new EnumMap<>(KeyExchangeMethod.class);
        groups.put(KeyExchangeMethod.MODP_2048, new ModpGroup(DHStandardGroups.rfc3526_2048, 256));
        groups.put(KeyExchangeMethod.MODP_3072, new ModpGroup(DHStandardGroups.rfc3526_3072, 288));
        groups.put(KeyExchangeMethod.MODP_4096, new ModpGroup(DHStandardGroups.rfc3526_4096, 336));
        groups.put(KeyExchangeMethod.ECP_256, new EcpGroup("secp256r1"));
        groups.put(KeyExchangeMethod.ECP_384, new EcpGroup("secp384r1"));
        groups.put(KeyExchangeMethod.ECP_521, new EcpGroup("secp521r1"));
        groups.put(KeyExchangeMethod.CURVE25519, new X25519Group());
        return groups;
    }

    @Override
    public KeyExchange keyExchange(KeyExchangeMethod method) {
        MlKem kem = KEMS.get(method);
        if (kem != null) {
            return kem.begin(entropy);
        }
        Group group = group(method);
        return new GroupKeyExchange(method, group, Secret.owning(group.privateValue(entropy)));
    }

    @Override
    public KeyAnswer answer(KeyExchangeMethod method, Bytes initiators) throws InvalidPublicValueException {
        MlKem kem = KEMS.get(method);
        if (kem != null) {
            return kem.answer(entropy, initiators);
        }
        try (KeyExchange own = keyExchange(method)) {
            return new KeyAnswer(own.publicValue(), own.agree(initiators));
        }
    }

    static Group group(KeyExchangeMethod method) {
        Group group = GROUPS.get(method);
        if (group == null) {
            throw new IllegalArgumentException(method + " exchanges no keys");
        }
        return group;
    }

    @Override
    public Secret prf(Prf prf, Secret key, Secret data) {
        return key.use(k -> data.use(d -> Secret.owning(hmac(name(prf), k).doFinal(d))));
    }

    @Override
    public Secret prfPlus(Prf prf, Secret key, int length, Secret seed) {
        if (length > 255 * KeySizes.prf(prf)) {
            throw new IllegalArgumentException(length + " octets are more than prf+ gives");
        }
        return key.use(k -> seed.use(s -> Secret.owning(expand(hmac(name(prf), k), length, s))));
    }

    /** T1 | T2 | ... with Tn = prf(K, Tn-1 | S | n). */
    private static byte[] expand(Mac mac, int length, byte[] seed) {
        byte[] stream = new byte[length];
        byte[] block = new byte[0];
        for (int at = 0, n = 1; at < length; at += block.length, n++) {
            mac.update(block);
            Arrays.fill(block, (byte) 0);
            mac.update(seed);
            mac.update((byte) n);
            block = mac.doFinal();
            System.arraycopy(block, 0, stream, at, Math.min(block.length, length - at));
        }
        Arrays.fill(block, (byte) 0);
        return stream;
    }

    @Override
    public Secret checksum(Integrity integrity, Secret key, Bytes data) {
        if (key.size() != KeySizes.integrityKey(integrity)) {
            throw new IllegalArgumentException(integrity + " has no keys of " + key.size() + " octets");
        }
        return key.use(k -> {
            byte[] whole = hmac(name(integrity), k).doFinal(data.toArray());
            byte[] truncated = Arrays.copyOf(whole, KeySizes.checksum(integrity));
            Arrays.fill(whole, (byte) 0);
            return Secret.owning(truncated);
        });
    }

    private static Mac hmac(String name, byte[] key) {
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key, name));
            return mac;
        } catch (GeneralSecurityException e) {
            throw unusable(name, e);
        }
    }

    private static String name(Prf prf) {
        return switch (prf) {
            case HMAC_SHA2_256 -> "HmacSHA256";
            case HMAC_SHA2_384 -> "HmacSHA384";
            case HMAC_SHA2_512 -> "HmacSHA512";
        };
    }

    private static String name(Integrity integrity) {
        return switch (integrity) {
            case NONE -> throw new IllegalArgumentException("no integrity algorithm");
            case HMAC_SHA2_256_128 -> "HmacSHA256";
            case HMAC_SHA2_384_192 -> "HmacSHA384";
            case HMAC_SHA2_512_256 -> "HmacSHA512";
        };
    }

    @Override
    public Bytes seal(EncryptionAlgorithm algorithm, Secret key, Bytes iv, Bytes associatedData, Bytes plaintext) {
        try {
            return key.use(k -> aead(Cipher.ENCRYPT_MODE, algorithm, k, iv, associatedData, plaintext));
        } catch (GeneralSecurityException e) {
            throw unusable(algorithm.name(), e);
        }
    }

    @Override
    public Optional<Bytes> open(
            EncryptionAlgorithm algorithm, Secret key, Bytes iv, Bytes associatedData, Bytes sealed) {
        if (sealed.size() < KeySizes.AEAD_TAG) {
            return Optional.empty();
        }
        try {
            return Optional.of(key.use(k -> aead(Cipher.DECRYPT_MODE, algorithm, k, iv, associatedData, sealed)));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw unusable(algorithm.name(), e);
        }
    }

    /** The nonce is salt | iv (RFC 5282 §4, RFC 7634 §2). */
    private static Bytes aead(
            int mode, EncryptionAlgorithm algorithm, byte[] key, Bytes iv, Bytes associatedData, Bytes input)
            throws GeneralSecurityException {
        if (key.length <= KeySizes.SALT || iv.size() != KeySizes.AEAD_IV) {
            throw new IllegalArgumentException(
                    algorithm + " with " + key.length + " octets of key and " + iv.size() + " of IV");
        }
        int keySize = key.length - KeySizes.SALT;
        byte[] nonce = new byte[KeySizes.SALT + KeySizes.AEAD_IV];
        System.arraycopy(key, keySize, nonce, 0, KeySizes.SALT);
        iv.copyTo(nonce, KeySizes.SALT);
        return switch (algorithm) {
            case AES_CBC -> throw new IllegalArgumentException("AES-CBC is no combined mode");
            case AES_GCM_16 ->
                aead(
                        Cipher.getInstance("AES/GCM/NoPadding"),
                        mode,
                        new SecretKeySpec(key, 0, keySize, "AES"),
                        new GCMParameterSpec(8 * KeySizes.AEAD_TAG, nonce),
                        associatedData,
                        input);
            case CHACHA20_POLY1305 ->
                aead(
                        Cipher.getInstance("ChaCha20-Poly1305"),
                        mode,
                        new SecretKeySpec(key, 0, keySize, "ChaCha20"),
                        new IvParameterSpec(nonce),
                        associatedData,
                        input);
        };
    }

    private static Bytes aead(
            Cipher cipher,
            int mode,
            SecretKeySpec key,
            AlgorithmParameterSpec parameters,
            Bytes associatedData,
            Bytes input)
            throws GeneralSecurityException {
        cipher.init(mode, key, parameters);
        cipher.updateAAD(associatedData.toArray());
        return Bytes.wrap(cipher.doFinal(input.toArray()));
    }

    @Override
    public Bytes encryptCbc(Secret key, Bytes iv, Bytes plaintext) {
        return cbc(Cipher.ENCRYPT_MODE, key, iv, plaintext);
    }

    @Override
    public Bytes decryptCbc(Secret key, Bytes iv, Bytes ciphertext) {
        return cbc(Cipher.DECRYPT_MODE, key, iv, ciphertext);
    }

    private static Bytes cbc(int mode, Secret key, Bytes iv, Bytes input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            return key.use(k -> {
                cipher.init(mode, new SecretKeySpec(k, "AES"), new IvParameterSpec(iv.toArray()));
                return Bytes.wrap(cipher.doFinal(input.toArray()));
            });
        } catch (GeneralSecurityException e) {
            throw unusable("AES-CBC", e);
        }
    }

    @Override
    public Bytes sha1(Bytes... data) {
        try {
            return Bytes.wrap(
                    MessageDigest.getInstance("SHA-1").digest(Bytes.concat(data).toArray()));
        } catch (GeneralSecurityException e) {
            throw unusable("SHA-1", e);
        }
    }

    @Override
    public boolean verify(PublicKey key, SignatureScheme scheme, Bytes octets, Bytes signature) {
        return Signatures.verify(key, scheme, octets, signature);
    }

    @Override
    public Bytes plainEcdsa(PublicKey.Kind curve, Bytes signature) {
        return Signatures.plain(curve, signature);
    }

    @Override
    public Optional<Bytes> derEcdsa(PublicKey.Kind curve, Bytes plain) {
        return Signatures.der(curve, plain);
    }

    /** The runtime lacks the algorithm, or we handed over octets of a wrong size. */
    private static IllegalArgumentException unusable(String algorithm, GeneralSecurityException cause) {
        return new IllegalArgumentException(algorithm + " cannot be used", cause);
    }
}
