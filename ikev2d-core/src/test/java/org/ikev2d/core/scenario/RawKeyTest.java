package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.auth.AuthRefusedException;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.auth.PeerOffer;
import org.ikev2d.core.auth.RemoteAuth;
import org.ikev2d.core.auth.SignatureAuthentication;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.engine.TunnelStatus.State;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.HashAlgorithm;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.SeededEntropy;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends that know each other's public keys (RFC 7670), in both roles. */
final class RawKeyTest {
    private static Tunnels keys(KeyPair left, KeyPair right, When when) {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().local(Proving.rawKey(left, when)).remote(Proving.pinned(right));
        tunnels.right().local(Proving.rawKey(right, when)).remote(Proving.pinned(left));
        return tunnels;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void keysOfEachKindProveBothEnds_rfc7427_3_rfc8420_2(Kind kind) {
        KeyPair left = TestKeys.pair(kind);
        KeyPair right = TestKeys.otherPair(kind);
        String story = World.play(1, world -> {
            Pair pair = Pair.of(world, keys(left, right, When.ALWAYS)).start().untilWhole();
            BothWays.of(pair).once();
            String method = SignatureScheme.preferred(kind).get(0).word();
            for (End end : List.of(pair.left(), pair.right())) {
                Proof local = end.status().proofs().orElseThrow().local();
                Proof remote = end.status().proofs().orElseThrow().remote();
                assertThat(local.method()).isEqualTo(method);
                assertThat(remote.method()).isEqualTo(method);
                assertThat(remote.subject()).isEmpty();
            }
            assertThat(pair.left().status().proofs().orElseThrow().remote().identity())
                    .isEqualTo("198.51.100.2");
        });
        assertThat(story)
                .contains("N(SIGNATURE_HASH_ALGORITHMS) }")
                .containsPattern("IKE_SA_INIT response 0 .*N\\(SIGNATURE_HASH_ALGORITHMS\\), CERTREQ }")
                .containsPattern(
                        "IKE_AUTH request 1 \\{ SK \\{ IDi, CERT, N\\(INITIAL_CONTACT\\), CERTREQ, IDr, AUTH, SA,")
                .containsPattern("IKE_AUTH response 1 \\{ SK \\{ IDr, CERT, AUTH, SA,");
    }

    /** RFC 7427 §4: different algorithms can be used in different directions. */
    @Test
    void theEndsKeysMayBeOfDifferentKinds() {
        World.play(1, world -> {
            Tunnels tunnels = keys(TestKeys.pair(Kind.RSA), TestKeys.pair(Kind.ED25519), When.NEVER);
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            assertThat(pair.left().status().proofs().orElseThrow().local().method())
                    .isEqualTo("rsa-pss-sha256");
            assertThat(pair.left().status().proofs().orElseThrow().remote().method())
                    .isEqualTo("ed25519");
        });
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void onePskAndOneKeyProveTheEnds_rfc7296_2_15(boolean initiatorHasTheKey) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            KeyPair key = TestKeys.pair(Kind.ECDSA_P256);
            TunnelDraft signer = initiatorHasTheKey ? tunnels.left() : tunnels.right();
            TunnelDraft other = initiatorHasTheKey ? tunnels.right() : tunnels.left();
            signer.local(Proving.rawKey(key, When.IF_ASKED));
            other.remote(Proving.pinned(key));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            End signing = initiatorHasTheKey ? pair.left() : pair.right();
            assertThat(signing.status().proofs().orElseThrow().local().method()).isEqualTo("ecdsa-sha256");
            assertThat(signing.status().proofs().orElseThrow().remote().method())
                    .isEqualTo("psk");
        });
    }

    @ParameterizedTest
    @CsvSource({"ALWAYS, true", "IF_ASKED, true", "NEVER, false"})
    void theKeyIsShownWhenItIsToBe_rfc7670_3(When when, boolean shown) {
        String story = World.play(
                1,
                world -> Pair.of(world, keys(TestKeys.pair(Kind.ED25519), TestKeys.otherPair(Kind.ED25519), when))
                        .start()
                        .untilWhole());
        assertThat(story.contains("IDi, CERT,")).isEqualTo(shown);
        assertThat(story.contains("IDr, CERT,")).isEqualTo(shown);
    }

    @Test
    void aKeyMayBeChangedForAnotherThatIsPinnedBesideIt() {
        World.play(1, world -> {
            KeyPair old = TestKeys.pair(Kind.ECDSA_P256);
            KeyPair fresh = TestKeys.otherPair(Kind.ECDSA_P256);
            Tunnels tunnels = keys(fresh, TestKeys.pair(Kind.ED25519), When.NEVER);
            tunnels.right().remote(Proving.pinned(old, fresh));
            Pair.of(world, tunnels).start().untilWhole();
        });
    }

    /** Both ends know why, and nothing is left. */
    private static void refused(Tunnels tunnels, String leftSays, String rightSays) {
        World.play(1, world -> {
            Pair pair = Pair.of(world, tunnels).start();
            world.runUntil(
                    "the initiator knows",
                    Duration.ofSeconds(10),
                    () -> !pair.left().lastError().isEmpty());
            world.runFor(Duration.ofMillis(500));
            pair.expectNothingUp();
            assertThat(pair.left().lastError()).matches("(?s)" + leftSays);
            assertThat(pair.right().lastError()).matches("(?s)" + rightSays);
            assertThat(pair.left().status().state()).isEqualTo(State.CONNECTING);
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "ALWAYS, it shows a public key that is not one of remote_key_file",
        "NEVER, the peer's signature is not made with the private key of its ED25519 key.*"
    })
    void anInitiatorWithAnotherKeyIsRefused(When when, String reason) {
        Tunnels tunnels = keys(TestKeys.pair(Kind.ED25519), TestKeys.pair(Kind.RSA), when);
        tunnels.right().remote(Proving.pinned(TestKeys.otherPair(Kind.ED25519)));
        refused(
                tunnels,
                "authentication-failed: the peer answered IKE_AUTH with AUTHENTICATION_FAILED.*",
                "authentication-failed: 192\\.0\\.2\\.1 does not prove its identity to tunnel t: "
                        + reason.replace("ED25519", "Ed25519"));
    }

    @Test
    void aResponderWithAnotherKeyIsRefused() {
        Tunnels tunnels = keys(TestKeys.pair(Kind.ED25519), TestKeys.pair(Kind.ECDSA_P384), When.NEVER);
        tunnels.left().remote(Proving.pinned(TestKeys.otherPair(Kind.ECDSA_P384)));
        refused(
                tunnels,
                "authentication-failed: 198\\.51\\.100\\.2 does not prove its identity to tunnel t: the peer's"
                        + " signature is not made with the private key of its ECDSA P-384 key.*",
                "authentication-failed: the peer does not accept our proof of identity.*");
    }

    @Test
    void whoHasAPskWhereAKeyIsWantedIsRefused() {
        Tunnels tunnels = keys(TestKeys.pair(Kind.ED25519), TestKeys.pair(Kind.ECDSA_P256), When.NEVER);
        TunnelDraft psk = Tunnels.pair().left();
        tunnels.left().local(psk.credentials().local());
        refused(
                tunnels,
                "authentication-failed: .*",
                "authentication-failed: .*the peer proves itself with a PSK, a signature is wanted");
    }

    @Test
    void whoHasAKeyWhereAPskIsWantedIsRefused() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().local(Proving.rawKey(TestKeys.pair(Kind.ED25519), When.ALWAYS));
        // It does not speak RFC 7427 either, which the initiator sees first.
        refused(tunnels, "authentication-failed: we cannot prove ourselves: .*RFC 7427.*", "");
        Tunnels curve = Tunnels.pair();
        curve.left().local(Proving.rawKey(TestKeys.pair(Kind.ECDSA_P256), When.ALWAYS));
        refused(
                curve,
                "authentication-failed: .*",
                "authentication-failed: .*by method ECDSA_SHA256_P256, a PSK is wanted");
    }

    @Test
    void aFormThatPolicyDoesNotAllowIsRefused_rfc7427_6() {
        KeyPair left = TestKeys.pair(Kind.RSA);
        Tunnels tunnels = keys(left, TestKeys.pair(Kind.ED25519), When.NEVER);
        LocalAuth.Signature ours =
                (LocalAuth.Signature) tunnels.left().credentials().local();
        tunnels.left().local(new LocalAuth.Signature(ours.key(), List.of(SignatureScheme.RSA_SHA2_256), ours.shown()));
        tunnels.right()
                .remote(new RemoteAuth.Keys(
                        List.of(Proving.publicKey(left)), List.of(SignatureScheme.RSA_PSS_SHA2_256)));
        refused(
                tunnels,
                "authentication-failed: .*",
                "authentication-failed: .*the peer signs as rsa-sha256, signatures allows rsa-pss-sha256");
    }

    @Test
    void whoeverHasTheKeyMayBeAnybody_rfc7670_1() {
        World.play(1, world -> {
            Tunnels tunnels = keys(TestKeys.pair(Kind.ED25519), TestKeys.pair(Kind.ECDSA_P256), When.NEVER);
            tunnels.left().ids(TunnelDraft.addressId(Tunnels.LEFT), PeerIdentity.parse("any"));
            tunnels.right().ids(TunnelDraft.addressId(Tunnels.RIGHT), PeerIdentity.parse("any"));
            Pair.of(world, tunnels).start().untilWhole();
        });
    }

    // A peer without RFC 7427.

    private static List<Payload> old(KeyPair pair, SignedOctets signed) {
        LocalAuth.Signature ours = (LocalAuth.Signature) Proving.rawKey(pair, When.NEVER);
        try {
            PeerOffer offer = new PeerOffer(Optional.empty(), Set.of());
            return List.of(new SignatureAuthentication(new JcaAlgorithms(new SeededEntropy(7)), signed)
                    .sign(ours, offer)
                    .payload());
        } catch (AuthRefusedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, 1, rsa-sha1",
        "ECDSA_P256, 9, ecdsa-sha256",
        "ECDSA_P384, 10, ecdsa-sha384",
        "ECDSA_P521, 11, ecdsa-sha512"
    })
    void anInitiatorWithoutRfc7427IsAnsweredInItsWay_rfc7296_3_8(Kind kind, int method, String word) {
        World.play(1, world -> {
            KeyPair theirs = TestKeys.pair(kind);
            Tunnels tunnels = Tunnels.pair();
            tunnels.right()
                    .local(Proving.rawKey(TestKeys.otherPair(kind), When.NEVER))
                    .remote(Proving.pinned(theirs));
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left()).proving(signed -> old(theirs, signed));
            peer.init();
            List<Payload> answer = peer.auth();
            assertThat(answer)
                    .filteredOn(Payload.Authentication.class::isInstance)
                    .singleElement()
                    .satisfies(auth ->
                            assertThat(((Payload.Authentication) auth).method()).isEqualTo(method));
            assertThat(right.isUp()).isTrue();
            assertThat(right.status().proofs().orElseThrow().local().method()).isEqualTo(word);
            assertThat(right.status().proofs().orElseThrow().remote().method()).isEqualTo(word);
        });
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"RSA", "ECDSA_P256"})
    void aResponderWithoutRfc7427IsTakenInItsWay_rfc7296_3_8(Kind kind) {
        World.play(1, world -> {
            KeyPair theirs = TestKeys.pair(kind);
            Tunnels tunnels = Tunnels.pair();
            tunnels.left()
                    .local(Proving.rawKey(TestKeys.otherPair(kind), When.NEVER))
                    .remote(Proving.pinned(theirs));
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).proving(signed -> old(theirs, signed));
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runUntil("up", Duration.ofSeconds(2), left::isUp);
            assertThat(peer.heard().get(1).all())
                    .filteredOn(Payload.Authentication.class::isInstance)
                    .singleElement()
                    .satisfies(auth ->
                            assertThat(((Payload.Authentication) auth).method()).isNotEqualTo(14));
        });
    }

    @Test
    void onlyWhatIsTakenIsOffered_rfc7427_4_rfc8420_3() {
        List<Integer> hashes = new ArrayList<>();
        World.play(1, world -> {
            Tunnels tunnels = keys(TestKeys.pair(Kind.ED25519), TestKeys.pair(Kind.ED25519), When.NEVER);
            tunnels.right()
                    .remote(new RemoteAuth.Keys(
                            List.of(Proving.publicKey(TestKeys.pair(Kind.ED25519))),
                            List.of(SignatureScheme.ED25519, SignatureScheme.RSA_SHA1)));
            new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, Tunnels.pair().left());
            List<Payload> answer = peer.init(Payload.Notify.of(NotifyType.SIGNATURE_HASH_ALGORITHMS));
            PeerOffer.of(answer).hashes().orElseThrow().forEach(hash -> hashes.add(hash.code()));
        });
        assertThat(hashes).containsExactly(HashAlgorithm.IDENTITY.code());
    }

    @Holds("7296-3.7-a")
    @Test
    void credentialsOfOneTunnelSayNothingOfAnother() {
        Credentials psk = Tunnels.pair().left().credentials();
        Credentials key = keys(TestKeys.pair(Kind.ED25519), TestKeys.pair(Kind.ED25519), When.NEVER)
                .left()
                .credentials();
        assertThat(Credentials.hashes(List.of(psk))).isEmpty();
        assertThat(Credentials.requests(List.of(psk))).isEmpty();
        assertThat(Credentials.hashes(List.of(psk, key))).isPresent();
        assertThat(Credentials.requests(List.of(psk, key)))
                .as("a raw key is asked for, of no authority")
                .containsExactly(new Payload.CertificateRequest(15, Bytes.empty()));
    }
}
