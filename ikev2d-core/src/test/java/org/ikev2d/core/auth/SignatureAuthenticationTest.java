package org.ikev2d.core.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.registry.HashAlgorithm;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class SignatureAuthenticationTest {
    private static final List<SignatureScheme> ALL = List.of(SignatureScheme.values());
    private static final PeerOffer OLD = new PeerOffer(Optional.empty(), Set.of());
    private static final PeerOffer NEW = new PeerOffer(Optional.of(List.of(HashAlgorithm.values())), Set.of());

    private final Entropy entropy = new SystemEntropy();
    private final Algorithms algorithms = new JcaAlgorithms(entropy);
    private final SignatureAuthentication authentication = over("what is signed");

    private SignatureAuthentication over(String text) {
        return new SignatureAuthentication(
                algorithms, new SignedOctets(Bytes.wrap(text.getBytes(StandardCharsets.US_ASCII))));
    }

    private static PeerOffer offer(HashAlgorithm... hashes) {
        return new PeerOffer(Optional.of(List.of(hashes)), Set.of());
    }

    private LocalAuth.Signature ours(Kind kind, List<SignatureScheme> schemes) {
        SigningKey key = TestKeys.signing(TestKeys.pair(kind), entropy);
        return new LocalAuth.Signature(
                key, schemes, new LocalAuth.Shown(List.of(), LocalAuth.Shown.When.NEVER, "", OptionalLong.empty()));
    }

    private static PublicKey publicKey(LocalAuth.Signature ours) {
        return ours.key().publicKey();
    }

    static Stream<Arguments> kindsAndSchemes() {
        return Arrays.stream(Kind.values())
                .flatMap(kind -> SignatureScheme.preferred(kind).stream()
                        .filter(scheme -> scheme != SignatureScheme.RSA_SHA1)
                        .map(scheme -> Arguments.of(kind, scheme)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndSchemes")
    void whatWeSignIsVerified_rfc7427_3(Kind kind, SignatureScheme scheme) throws AuthRefusedException {
        LocalAuth.Signature ours = ours(kind, List.of(scheme));

        SignatureAuthentication.Proof proof = authentication.sign(ours, offer(scheme.hash()));

        assertThat(proof.scheme()).isEqualTo(scheme);
        assertThat(proof.payload().method()).isEqualTo(14);
        assertThat(authentication.verify(publicKey(ours), ALL, NEW, proof.payload()))
                .isEqualTo(scheme);
        expectNothingElseVerifies(ours, NEW, proof.payload());
    }

    @Holds({"7296-3.8-a", "7296-3.8-b"})
    @ParameterizedTest
    @CsvSource({
        "RSA, 1, RSA_SHA1",
        "ECDSA_P256, 9, ECDSA_SHA2_256",
        "ECDSA_P384, 10, ECDSA_SHA2_384",
        "ECDSA_P521, 11, ECDSA_SHA2_512"
    })
    void peersWithoutRfc7427GetTheOlderMethods_rfc7296_3_8_rfc4754_6(Kind kind, int method, SignatureScheme scheme)
            throws AuthRefusedException {
        LocalAuth.Signature ours = ours(kind, SignatureScheme.preferred(kind));

        SignatureAuthentication.Proof proof = authentication.sign(ours, OLD);

        assertThat(proof.payload().method()).isEqualTo(method);
        assertThat(proof.scheme()).isEqualTo(scheme);
        assertThat(authentication.verify(publicKey(ours), ALL, OLD, proof.payload()))
                .isEqualTo(scheme);
        expectNothingElseVerifies(ours, OLD, proof.payload());
        if (kind != Kind.RSA) {
            assertThat(proof.payload().data().size())
                    .isEqualTo(2 * ((publicKey(ours).bits() + 7) / 8));
        }
    }

    /** Not over other octets, with another key, or with a bit of it turned, wherever it is. */
    private void expectNothingElseVerifies(LocalAuth.Signature ours, PeerOffer offer, Payload.Authentication proof) {
        PublicKey key = publicKey(ours);
        assertThatThrownBy(() -> over("something else").verify(key, ALL, offer, proof))
                .isInstanceOf(AuthRefusedException.class)
                .hasMessageContaining("not made with the private key");
        try (SigningKey other = TestKeys.signing(TestKeys.otherPair(key.kind()), entropy)) {
            assertThatThrownBy(() -> authentication.verify(other.publicKey(), ALL, offer, proof))
                    .isInstanceOf(AuthRefusedException.class);
        }
        for (int octet = 0; octet < proof.data().size(); octet++) {
            byte[] turned = proof.data().toArray();
            turned[octet] ^= 0x04;
            expectRefused(key, offer, proof.method(), Bytes.of(turned));
        }
        for (int size :
                new int[] {0, 1, 2, proof.data().size() / 2, proof.data().size() - 1}) {
            expectRefused(key, offer, proof.method(), proof.data().slice(0, size));
        }
        expectRefused(key, offer, proof.method(), Bytes.concat(proof.data(), Bytes.of((byte) 0)));
    }

    private void expectRefused(PublicKey key, PeerOffer offer, int method, Bytes data) {
        assertThatThrownBy(() -> authentication.verify(key, ALL, offer, new Payload.Authentication(method, data)))
                .isInstanceOf(AuthRefusedException.class);
    }

    @Test
    void olderRsaSignaturesMayHaveAStrongerHash_rfc7296_3_8() throws AuthRefusedException {
        LocalAuth.Signature ours = ours(Kind.RSA, List.of(SignatureScheme.RSA_SHA2_384));
        Bytes named = authentication.sign(ours, NEW).payload().data();
        Payload.Authentication old = new Payload.Authentication(1, named.slice(1 + named.at(0), named.size()));

        assertThat(authentication.verify(publicKey(ours), ALL, OLD, old)).isEqualTo(SignatureScheme.RSA_SHA2_384);
        assertThatThrownBy(
                        () -> authentication.verify(publicKey(ours), List.of(SignatureScheme.RSA_SHA2_256), OLD, old))
                .hasMessage("the peer signs as rsa-sha384, signatures allows rsa-sha256");
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, RSA_PSS_SHA2_256",
        "RSA_PSS, RSA_PSS_SHA2_256",
        "ECDSA_P256, ECDSA_SHA2_256",
        "ECDSA_P384, ECDSA_SHA2_384",
        "ECDSA_P521, ECDSA_SHA2_512",
        "ED25519, ED25519"
    })
    void theHashSuitsTheKeyWhereThePeerTakesIt_rfc7427_4(Kind kind, SignatureScheme chosen)
            throws AuthRefusedException {
        assertThat(authentication
                        .sign(ours(kind, SignatureScheme.preferred(kind)), NEW)
                        .scheme())
                .isEqualTo(chosen);
    }

    @Test
    void thePeersHashesDecide_rfc7427_4() throws AuthRefusedException {
        LocalAuth.Signature curve = ours(Kind.ECDSA_P521, SignatureScheme.preferred(Kind.ECDSA_P521));
        LocalAuth.Signature rsa = ours(Kind.RSA, SignatureScheme.preferred(Kind.RSA));

        assertThat(authentication.sign(curve, offer(HashAlgorithm.SHA2_256)).scheme())
                .isEqualTo(SignatureScheme.ECDSA_SHA2_256);
        assertThat(authentication
                        .sign(rsa, offer(HashAlgorithm.SHA1, HashAlgorithm.SHA2_512))
                        .scheme())
                .isEqualTo(SignatureScheme.RSA_PSS_SHA2_512);
        assertThat(authentication
                        .sign(
                                ours(Kind.RSA, List.of(SignatureScheme.RSA_SHA2_256, SignatureScheme.RSA_PSS_SHA2_256)),
                                NEW)
                        .scheme())
                .as("our own order goes first")
                .isEqualTo(SignatureScheme.RSA_SHA2_256);
        assertThatThrownBy(() -> authentication.sign(rsa, offer(HashAlgorithm.SHA1, HashAlgorithm.IDENTITY)))
                .as("SHA-1 is never used by RFC 7427's method")
                .hasMessageContaining("no form in common");
        assertThatThrownBy(() -> authentication.sign(
                        ours(Kind.ED25519, SignatureScheme.preferred(Kind.ED25519)), offer(HashAlgorithm.SHA2_256)))
                .as("RFC 8420 §2")
                .hasMessageContaining("no form in common");
    }

    @Test
    void whatOlderMethodsDoNotHaveIsNotSigned() {
        assertThatThrownBy(() -> authentication.sign(ours(Kind.ED25519, SignatureScheme.preferred(Kind.ED25519)), OLD))
                .hasMessage("the peer does not speak RFC 7427, without which a key of Ed25519 cannot be used");
        assertThatThrownBy(() -> authentication.sign(ours(Kind.RSA, List.of(SignatureScheme.RSA_PSS_SHA2_256)), OLD))
                .hasMessageContaining("rsa-sha1, which signatures does not allow");
    }

    @Test
    void methodsAreThoseThatWereSpokenOf_rfc7427_3() throws AuthRefusedException {
        LocalAuth.Signature ours = ours(Kind.ECDSA_P256, SignatureScheme.preferred(Kind.ECDSA_P256));
        Payload.Authentication named = authentication.sign(ours, NEW).payload();
        Payload.Authentication old = authentication.sign(ours, OLD).payload();

        assertThatThrownBy(() -> authentication.verify(publicKey(ours), ALL, OLD, named))
                .hasMessageContaining("did not say that it speaks RFC 7427");
        assertThatThrownBy(() -> authentication.verify(publicKey(ours), ALL, NEW, old))
                .hasMessageContaining("though it said that it speaks RFC 7427");
        expectRefused(publicKey(ours), NEW, 2, Bytes.of(new byte[32]));
        expectRefused(publicKey(ours), NEW, 200, Bytes.of(new byte[32]));
        for (int method : new int[] {1, 10, 11}) {
            expectRefused(publicKey(ours), OLD, method, old.data());
        }
    }

    @Test
    void theFormMustFitKeyAndPolicy_rfc7427_3() throws AuthRefusedException {
        LocalAuth.Signature rsa = ours(Kind.RSA, List.of(SignatureScheme.RSA_SHA2_256));
        Payload.Authentication proof = authentication.sign(rsa, NEW).payload();
        try (SigningKey curve = TestKeys.signing(TestKeys.pair(Kind.ECDSA_P256), entropy)) {
            assertThatThrownBy(() -> authentication.verify(curve.publicKey(), ALL, NEW, proof))
                    .hasMessage("the peer signs as rsa-sha256, but its key is ECDSA P-256");
        }
        assertThatThrownBy(() ->
                        authentication.verify(publicKey(rsa), List.of(SignatureScheme.RSA_PSS_SHA2_256), NEW, proof))
                .hasMessage("the peer signs as rsa-sha256, signatures allows rsa-pss-sha256");
    }

    @Test
    void sha1IsRefusedThoughItVerifies_rfc8247_3_2() throws AuthRefusedException {
        LocalAuth.Signature ours = ours(Kind.RSA, SignatureScheme.preferred(Kind.RSA));
        Bytes signature = authentication.sign(ours, OLD).payload().data();
        Bytes identifier = Bytes.hex("0f300d06092a864886f70d0101050500");

        assertThatThrownBy(() -> authentication.verify(
                        publicKey(ours), ALL, NEW, new Payload.Authentication(14, Bytes.concat(identifier, signature))))
                .hasMessageContaining("SHA-1, which is too weak");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void signaturesOfNoughtsAndOnesAreRefused(Kind kind) {
        PublicKey key = publicKey(ours(kind, SignatureScheme.preferred(kind)));
        for (int size : new int[] {0, 1, 8, 64, 96, 132, 256, 257}) {
            for (byte fill : new byte[] {0, 1, (byte) 0xff}) {
                byte[] signature = new byte[size];
                Arrays.fill(signature, fill);
                for (SignatureScheme scheme : SignatureScheme.preferred(kind)) {
                    assertThat(algorithms.verify(key, scheme, Bytes.empty(), Bytes.of(signature)))
                            .isFalse();
                }
            }
        }
    }
}
