package org.ikev2d.core.world;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.EnumMap;
import java.util.Map;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.crypto.jca.StoredKey;

/** Key pairs of every kind, made by the JDK once for all tests. */
public final class TestKeys {
    private static final Map<PublicKey.Kind, KeyPair> FIRST = new EnumMap<>(PublicKey.Kind.class);
    private static final Map<PublicKey.Kind, KeyPair> OTHER = new EnumMap<>(PublicKey.Kind.class);

    private TestKeys() {}

    /** The same at each call. */
    public static synchronized KeyPair pair(PublicKey.Kind kind) {
        return FIRST.computeIfAbsent(kind, TestKeys::fresh);
    }

    /** Another than {@link #pair}'s, the same at each call. */
    public static synchronized KeyPair otherPair(PublicKey.Kind kind) {
        return OTHER.computeIfAbsent(kind, TestKeys::fresh);
    }

    /** The caller's to close. */
    public static SigningKey signing(KeyPair pair, Entropy entropy) {
        try {
            return StoredKey.of(Secret.owning(pair.getPrivate().getEncoded()), entropy);
        } catch (UnusableKeyException e) {
            throw new AssertionError(e);
        }
    }

    /** SubjectPublicKeyInfo. */
    public static Bytes encoded(KeyPair pair) {
        return Bytes.wrap(pair.getPublic().getEncoded());
    }

    public static KeyPair fresh(PublicKey.Kind kind) {
        return switch (kind) {
            case RSA -> rsa("RSA", 2048);
            case RSA_PSS -> rsa("RSASSA-PSS", 2048);
            case ECDSA_P256 -> curve("secp256r1");
            case ECDSA_P384 -> curve("secp384r1");
            case ECDSA_P521 -> curve("secp521r1");
            case ED25519 -> made(() -> KeyPairGenerator.getInstance("Ed25519"));
        };
    }

    public static KeyPair rsa(String algorithm, int bits) {
        return made(() -> {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator;
        });
    }

    public static KeyPair curve(String name) {
        return made(() -> {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(name));
            return generator;
        });
    }

    private interface Maker {
        KeyPairGenerator make() throws GeneralSecurityException;
    }

    private static KeyPair made(Maker maker) {
        try {
            return maker.make().generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
