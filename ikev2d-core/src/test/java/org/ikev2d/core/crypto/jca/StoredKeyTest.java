package org.ikev2d.core.crypto.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.crypto.UnusableKeyException;
import org.ikev2d.core.registry.HashAlgorithm;
import org.ikev2d.core.world.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that can be used, and those that cannot. */
final class StoredKeyTest {
    @ParameterizedTest
    @EnumSource(Kind.class)
    void thePublicKeyFollowsFromThePrivateOne(Kind kind) throws UnusableKeyException {
        KeyPair pair = TestKeys.pair(kind);
        try (SigningKey key = TestKeys.signing(pair, new SystemEntropy())) {
            assertThat(key.publicKey()).isEqualTo(PublicKeys.parse(TestKeys.encoded(pair)));
            assertThat(key.publicKey().kind()).isEqualTo(kind);
            assertThat(key).hasToString("StoredKey[" + key.publicKey().describe() + "]");
        }
    }

    @Test
    void aClosedKeySignsNothing() {
        Secret encoded = Secret.owning(TestKeys.pair(Kind.ED25519).getPrivate().getEncoded());
        SigningKey key = TestKeys.signing(TestKeys.pair(Kind.ED25519), new SystemEntropy());
        key.close();
        assertThatThrownBy(() -> key.sign(SignatureScheme.ED25519, Bytes.empty()))
                .isInstanceOf(IllegalStateException.class);
        encoded.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "3000", "020100", "302e020100300506032b6570042204200102", "ff"})
    void whatIsNoPrivateKeyIsRefusedAndClosed(String hex) {
        Secret secret = Secret.of(Bytes.hex(hex));
        assertThatThrownBy(() -> StoredKey.of(secret, new SystemEntropy())).isInstanceOf(UnusableKeyException.class);
        assertThat(secret.isClosed()).isTrue();
    }

    @Test
    void shortRsaKeysAreRefused_rfc8247_3_1_1() {
        KeyPair pair = TestKeys.rsa("RSA", 1024);
        assertThatThrownBy(() -> PublicKeys.parse(TestKeys.encoded(pair)))
                .hasMessage("is RSA of 1024 bits; 2048 is the least (RFC 8247 §3.1.1)");
        assertThatThrownBy(() -> StoredKey.of(Secret.owning(pair.getPrivate().getEncoded()), new SystemEntropy()))
                .hasMessageContaining("1024 bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "10000000000000001", "65536"})
    void strangeExponentsAreRefused(String exponent) throws Exception {
        BigInteger modulus =
                ((java.security.interfaces.RSAPublicKey) TestKeys.pair(Kind.RSA).getPublic()).getModulus();
        BigInteger value = new BigInteger(exponent, exponent.length() > 10 ? 16 : 10);
        byte[] encoded;
        try {
            encoded = KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(modulus, value))
                    .getEncoded();
        } catch (java.security.spec.InvalidKeySpecException e) {
            // The JDK refuses some by itself: the key that it would not make cannot be read either.
            encoded = new org.bouncycastle.asn1.x509.SubjectPublicKeyInfo(
                            new org.bouncycastle.asn1.x509.AlgorithmIdentifier(
                                    org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers.rsaEncryption),
                            new org.bouncycastle.asn1.pkcs.RSAPublicKey(modulus, value))
                    .getEncoded();
        }
        Bytes octets = Bytes.wrap(encoded);
        assertThatThrownBy(() -> PublicKeys.parse(octets)).isInstanceOf(UnusableKeyException.class);
    }

    @Test
    void otherCurvesAndAlgorithmsAreNamed() throws Exception {
        // brainpoolP256r1, X25519, Ed448
        assertThatThrownBy(
                        () -> PublicKeys.parse(Bytes.hex("301a301406072a8648ce3d020106092b240303020801010703020004")))
                .hasMessageContaining("curve 1.3.36.3.3.2.8.1.1.7");
        assertThatThrownBy(() -> PublicKeys.parse(Bytes.hex("302a300506032b656e032100" + "09".repeat(32))))
                .hasMessage("is of algorithm 1.3.101.110, which signs nothing here");
        assertThatThrownBy(() -> PublicKeys.parse(Bytes.hex("3043300506032b6571033a00" + "09".repeat(57))))
                .hasMessageContaining("1.3.101.113");
    }

    @Test
    void aPointOffTheCurveIsRefused() {
        byte[] encoded = TestKeys.encoded(TestKeys.pair(Kind.ECDSA_P256)).toArray();
        encoded[encoded.length - 1] ^= 1;
        assertThatThrownBy(() -> PublicKeys.parse(Bytes.wrap(encoded))).isInstanceOf(UnusableKeyException.class);
    }

    @Test
    void aDamagedRsaKeyIsRefused() {
        byte[] encoded = TestKeys.pair(Kind.RSA).getPrivate().getEncoded();
        // In the middle of the modulus.
        encoded[150] ^= 2;
        assertThatThrownBy(() -> StoredKey.of(Secret.owning(encoded), new SystemEntropy()))
                .hasMessage("is damaged: its primes do not make its modulus");
    }

    @Test
    void aPssKeyKeepsToItsHash_rfc4055_3_1() throws Exception {
        java.security.KeyPairGenerator generator = java.security.KeyPairGenerator.getInstance("RSASSA-PSS");
        generator.initialize(new RSAKeyGenParameterSpec(
                2048,
                RSAKeyGenParameterSpec.F4,
                new PSSParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, 64, 1)));
        KeyPair pair = generator.generateKeyPair();
        PublicKey key = PublicKeys.parse(TestKeys.encoded(pair));
        assertThat(key.onlyHash()).isEqualTo(Optional.of(HashAlgorithm.SHA2_512));
        assertThat(key.fits(SignatureScheme.RSA_PSS_SHA2_512)).isTrue();
        assertThat(key.fits(SignatureScheme.RSA_PSS_SHA2_256)).isFalse();
        assertThat(key.fits(SignatureScheme.RSA_SHA2_512)).isFalse();
        try (SigningKey signing = TestKeys.signing(pair, new SystemEntropy())) {
            assertThat(signing.publicKey()).isEqualTo(key);
            Bytes signature = signing.sign(SignatureScheme.RSA_PSS_SHA2_512, Bytes.hex("00"));
            assertThat(Signatures.verify(key, SignatureScheme.RSA_PSS_SHA2_512, Bytes.hex("00"), signature))
                    .isTrue();
        }
    }

    /** The same key and octets give the same signature, whatever the entropy: nothing can leak by a bad one. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ECDSA_P256", "ECDSA_P384", "ECDSA_P521", "ED25519"})
    void curvesSignWithoutRandomness_rfc6979_3(Kind kind) {
        SignatureScheme scheme = SignatureScheme.preferred(kind).get(0);
        try (SigningKey key = TestKeys.signing(TestKeys.pair(kind), count -> new byte[count]);
                SigningKey again = TestKeys.signing(TestKeys.pair(kind), new SystemEntropy())) {
            assertThat(key.sign(scheme, Bytes.hex("0102"))).isEqualTo(again.sign(scheme, Bytes.hex("0102")));
        }
    }

    @Test
    void saltsAreMadeOfOurEntropy() {
        try (SigningKey key = TestKeys.signing(TestKeys.pair(Kind.RSA), count -> new byte[count])) {
            assertThat(key.sign(SignatureScheme.RSA_PSS_SHA2_256, Bytes.hex("01")))
                    .isEqualTo(key.sign(SignatureScheme.RSA_PSS_SHA2_256, Bytes.hex("01")));
        }
    }
}
