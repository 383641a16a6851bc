package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.auth.RemoteAuth;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Gateway;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers whose certificates somebody else judges, while the engine serves everybody else. */
final class CertificateTest {
    private static final KeyPair LEFT = TestKeys.pair(Kind.ECDSA_P256);
    private static final KeyPair RIGHT = TestKeys.pair(Kind.ED25519);

    private static Tunnels certificates(When when, int intermediates) {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().local(Proving.certificate(LEFT, when, intermediates)).remote(Proving.certified());
        tunnels.right().local(Proving.certificate(RIGHT, when, intermediates)).remote(Proving.certified());
        return tunnels;
    }

    /** Each end's judge trusts the other's certificate. */
    private static Pair trusting(World world, Tunnels tunnels) {
        Pair pair = Pair.of(world, tunnels);
        pair.left().gateway().judge().finds(Proving.certificate(RIGHT), Proving.trusted(RIGHT));
        pair.right().gateway().judge().finds(Proving.certificate(LEFT), Proving.trusted(LEFT));
        return pair;
    }

    private static void play(Consumer<World> plot) {
        World.play(1, plot);
    }

    @Holds({"7296-1.2-a", "7296-3.6-a", "7296-3.6-b", "7296-3.6-d"})
    @Test
    void certificatesProveBothEnds_rfc7296_3_6_rfc7296_3_7() {
        String story = World.play(1, world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 3))
                    .tune(Tuning.fragmentSize(0))
                    .start()
                    .untilWhole();
            BothWays.of(pair).once();
            Proof ours = pair.left().status().proofs().orElseThrow().local();
            Proof theirs = pair.left().status().proofs().orElseThrow().remote();
            assertThat(ours.method()).isEqualTo("ecdsa-sha256");
            assertThat(ours.subject()).isEqualTo("CN=ECDSA_P256");
            assertThat(ours.expiresAt()).hasValue(2_000_000_000);
            assertThat(theirs.method()).isEqualTo("ed25519");
            assertThat(theirs.subject()).isEqualTo("CN=ED25519");
            assertThat(theirs.expiresAt()).isEmpty();
        });
        assertThat(story)
                .containsPattern("IKE_SA_INIT response 0 .*, CERTREQ }")
                .containsPattern(
                        "IKE_AUTH request 1 \\{ SK \\{ IDi, CERT, CERT, CERT, CERT, N\\(INITIAL_CONTACT\\), CERTREQ, IDr,")
                .containsPattern("IKE_AUTH response 1 \\{ SK \\{ IDr, CERT, CERT, CERT, CERT, AUTH,");
    }

    /** The chains make IKE_AUTH too long for a datagram of 1280 octets (RFC 7383 §2.4). */
    @Test
    void longChainsComeInFragments() {
        String story = World.play(1, world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 3)).start().untilWhole();
            BothWays.of(pair).once();
        });
        assertThat(story)
                .containsPattern("IKE_AUTH request 1 \\{ SKF\\(3/3\\) \\}")
                .containsPattern("IKE_AUTH response 1 \\{ SKF\\(3/3\\) \\}");
    }

    @Holds("7296-3.7-b")
    @ParameterizedTest
    @CsvSource({"IF_ASKED, true, true", "IF_ASKED, false, false", "ALWAYS, false, true"})
    void aCertificateIsShownToWhomItIsToBe_rfc7296_3_7(When when, boolean asks, boolean shown) {
        play(world -> {
            Tunnels tunnels = certificates(when, 0);
            RemoteAuth.Certificates wanted = new RemoteAuth.Certificates(List.of(Proving.AUTHORITY), Proving.ALL, asks);
            tunnels.both(draft -> draft.remote(wanted));
            Pair pair = trusting(world, tunnels).start();
            world.runUntil(
                    "both know",
                    Duration.ofSeconds(5),
                    () -> pair.left().isUp() || !pair.left().lastError().isEmpty());
            assertThat(pair.left().isUp()).isEqualTo(shown);
            if (!shown) {
                assertThat(pair.right().lastError())
                        .startsWith("certificate-refused: 192.0.2.1 showed no X.509 certificate to tunnel t");
            }
        });
    }

    /** Meanwhile the peer repeats its request, which is neither answered nor worked on twice. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 700, 3_500, 9_000})
    void aVerdictMayTakeItsTime(int millis) {
        play(world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0));
            for (End end : List.of(pair.left(), pair.right())) {
                end.gateway().judge().takes(Optional.of(Duration.ofMillis(millis)));
            }
            pair.start();
            world.runUntil(
                    "up",
                    Duration.ofSeconds(20),
                    () -> pair.left().isUp() && pair.right().isUp());
            pair.untilWhole();
            assertThat(pair.left().gateway().judge().asked()).isEqualTo(1);
            assertThat(pair.right().gateway().judge().asked()).isEqualTo(1);
            BothWays.of(pair).once();
        });
    }

    @Test
    void whileAVerdictIsAwaitedOthersAreServed() {
        play(world -> {
            Tunnels slow = certificates(When.ALWAYS, 0);
            Tunnels quick = Tunnels.between(Tunnels.LEFT, Tunnels.RIGHT, Tunnels.net(3), Tunnels.net(4));
            quick.left().number(3);
            quick.right().number(4);
            Pair pair = trusting(world, slow);
            pair.right().gateway().judge().takes(Optional.of(Duration.ofSeconds(8)));
            pair.right().configure(slow.right(), other(quick.right()));
            pair.left().configure(slow.left(), other(quick.left()));
            pair.start();
            world.runUntil(
                    "the other tunnel is up",
                    Duration.ofSeconds(2),
                    () -> isUp(pair.left(), "other") && isUp(pair.right(), "other"));
            assertThat(pair.left().isUp()).isFalse();
            world.runUntil(
                    "both are up",
                    Duration.ofSeconds(10),
                    () -> pair.left().isUp() && pair.right().isUp());
        });
    }

    private static boolean isUp(End end, String tunnel) {
        return end.status(tunnel).state() == org.ikev2d.core.engine.TunnelStatus.State.UP;
    }

    private static TunnelDraft other(TunnelDraft draft) {
        Identity blue = Identity.parse("keyid:blue");
        return draft.named("other").ids(blue, blue);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aVerdictThatNeverComesIsANo(boolean atTheInitiator) {
        play(world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0));
            End waiting = atTheInitiator ? pair.left() : pair.right();
            waiting.gateway().judge().takes(Optional.empty());
            pair.start();
            world.runUntil(
                    "it is given up",
                    Duration.ofSeconds(40),
                    () -> !waiting.lastError().isEmpty());
            assertThat(waiting.lastError())
                    .isEqualTo("certificate-refused: nothing was found out about the peer's certificate in 25 s");
            world.runFor(Duration.ofMillis(500));
            pair.expectNothingUp();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofMinutes(2));
        });
    }

    /** An answer to a question of a life or an IKE SA before, or a second one, changes nothing. */
    @Test
    void aVerdictThatNobodyWaitsForIsPassedOver() {
        play(world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0));
            Gateway right = pair.right().gateway();
            right.judge().takes(Optional.of(Duration.ofSeconds(3)));
            pair.start();
            world.runFor(Duration.ofSeconds(1));
            right.kill();
            right.start();
            world.runFor(Duration.ofSeconds(1));
            pair.left().gateway().down("t");
            pair.left().gateway().up("t");
            world.runUntil(
                    "up",
                    Duration.ofSeconds(60),
                    () -> pair.left().isUp() && pair.right().isUp());
            pair.untilSettled();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTunnelMayBeTakenDownWhileAVerdictIsAwaited(boolean atTheInitiator) {
        play(world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0));
            End waiting = atTheInitiator ? pair.left() : pair.right();
            waiting.gateway().judge().takes(Optional.of(Duration.ofSeconds(3)));
            pair.start();
            world.runFor(Duration.ofSeconds(1));
            long ticket = pair.left().gateway().down("t");
            world.runUntil(
                    "it is down",
                    Duration.ofSeconds(5),
                    () -> pair.left().gateway().reply(ticket).isPresent());
            assertThat(pair.left().isUp()).isFalse();
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.left().isUp()).isFalse();
            // What the verdict makes of it at the other end does not stand in the way of another attempt.
            waiting.gateway().judge().takes(Optional.of(Duration.ZERO));
            pair.left().gateway().up("t");
            pair.untilSettled();
        });
    }

    @Test
    void theDaemonMayBeStoppedWhileAVerdictIsAwaited() {
        play(world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0));
            pair.left().gateway().judge().takes(Optional.empty());
            pair.right().gateway().judge().takes(Optional.empty());
            pair.start();
            world.runFor(Duration.ofSeconds(1));
        });
    }

    @ParameterizedTest
    @EnumSource(CertificateFault.class)
    void whyACertificateIsRefusedIsSaid(CertificateFault fault) {
        play(world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0));
            String text = "CN=ECDSA_P256, issued by CN=authority with serial number 7: " + fault;
            pair.right().gateway().judge().finds(Proving.certificate(LEFT), new Verdict.Refused(fault, text));
            pair.start();
            world.runUntil(
                    "both know",
                    Duration.ofSeconds(5),
                    () -> !pair.left().lastError().isEmpty()
                            && !pair.right().lastError().isEmpty());
            assertThat(pair.right().lastError())
                    .matches("(certificate|revocation)-[a-z-]+: .*")
                    .endsWith(text);
            // The peer is not told why.
            assertThat(pair.left().lastError()).startsWith("authentication-failed: ");
            assertThat(pair.right()
                            .gateway()
                            .hasTold(pair.right()
                                    .status()
                                    .lastError()
                                    .orElseThrow()
                                    .code()))
                    .isTrue();
            pair.expectNothingUp();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }

    @Test
    void aRespondersCertificateMayBeRefusedToo_rfc7296_2_21_2() {
        String story = World.play(1, world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0));
            pair.left()
                    .gateway()
                    .judge()
                    .finds(
                            Proving.certificate(RIGHT),
                            new Verdict.Refused(CertificateFault.REVOKED, "CN=ED25519 was revoked"));
            pair.start();
            world.runUntil(
                    "it is refused",
                    Duration.ofSeconds(5),
                    () -> !pair.left().lastError().isEmpty());
            assertThat(pair.left().lastError()).isEqualTo("certificate-revoked: CN=ED25519 was revoked");
            world.runFor(Duration.ofMillis(500));
            pair.expectNothingUp();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
        assertThat(story).contains("INFORMATIONAL request 2 { SK { N(AUTHENTICATION_FAILED), D } }");
    }

    /** Somebody else's certificate is of no use without its key. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTrustedCertificateWithoutItsKeyProvesNothing(boolean atTheInitiator) {
        play(world -> {
            Tunnels tunnels = certificates(When.ALWAYS, 0);
            Pair pair = trusting(world, tunnels);
            End cheated = atTheInitiator ? pair.left() : pair.right();
            KeyPair shown = atTheInitiator ? RIGHT : LEFT;
            cheated.gateway()
                    .judge()
                    .finds(
                            Proving.certificate(shown),
                            Proving.trusted(TestKeys.otherPair(atTheInitiator ? Kind.ED25519 : Kind.ECDSA_P256)));
            pair.start();
            world.runUntil(
                    "it is refused",
                    Duration.ofSeconds(5),
                    () -> !cheated.lastError().isEmpty());
            assertThat(cheated.lastError())
                    .startsWith("authentication-failed: ")
                    .contains("the peer's signature is not made with the private key of its");
            world.runFor(Duration.ofMillis(500));
            pair.expectNothingUp();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }

    @Test
    void whatTheJudgeRemarksIsTold() {
        play(world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0));
            pair.right()
                    .gateway()
                    .judge()
                    .finds(Proving.certificate(LEFT), Proving.trusted(LEFT, "whether it is revoked is not known"));
            pair.start().untilWhole();
            assertThat(pair.right().gateway().told())
                    .contains(new Event(
                            Event.Level.WARN, "t", "certificate-remark", "whether it is revoked is not known"));
        });
    }

    /** The claimed identity is checked before the judge is asked, and given to it. */
    @Test
    void whoClaimsToBeSomebodyElseIsNotJudged() {
        play(world -> {
            Tunnels tunnels = certificates(When.ALWAYS, 0);
            tunnels.left().ids(Identity.parse("gw.example.org"), TunnelDraft.addressId(Tunnels.RIGHT));
            Pair pair = trusting(world, tunnels).start();
            world.runUntil(
                    "it is refused",
                    Duration.ofSeconds(5),
                    () -> !pair.right().lastError().isEmpty());
            assertThat(pair.right().lastError()).contains("it says it is \"gw.example.org\"");
            assertThat(pair.right().gateway().judge().asked()).isZero();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }

    @ParameterizedTest
    @CsvSource({"*.example.org, gw.example.org", "any, keyid:blue", "'C=XX, CN=*', 'C=XX, CN=gw'"})
    void thePeersIdentityMayBeOneOfMany(String pattern, String identity) {
        String story = World.play(1, world -> {
            Tunnels tunnels = certificates(When.ALWAYS, 0);
            tunnels.right()
                    .ids(Identity.parse(identity), new PeerIdentity.Exactly(TunnelDraft.addressId(Tunnels.LEFT)));
            tunnels.left().ids(TunnelDraft.addressId(Tunnels.LEFT), PeerIdentity.parse(pattern));
            Pair pair = trusting(world, tunnels).start().untilWhole();
            assertThat(pair.left().status().proofs().orElseThrow().remote().identity())
                    .isEqualTo(Identity.parse(identity).describe());
        });
        assertThat(story).doesNotContainPattern("IKE_AUTH request 1 .* IDr");
    }

    /** Two tunnels between the same ends, with the same identities and different authorities. */
    @Test
    void theTunnelIsTheOneWhoseRulesTrustThePeer() {
        play(world -> {
            Tunnels tunnels = certificates(When.ALWAYS, 0);
            Pair pair = trusting(world, tunnels);
            TunnelDraft psk = Tunnels.between(Tunnels.LEFT, Tunnels.RIGHT, Tunnels.net(3), Tunnels.net(4))
                    .right()
                    .named("psk")
                    .number(6);
            TunnelDraft other = Tunnels.between(Tunnels.LEFT, Tunnels.RIGHT, Tunnels.net(5), Tunnels.net(6))
                    .right()
                    .named("other")
                    .number(7)
                    .remote(Proving.pinned(TestKeys.otherPair(Kind.ECDSA_P256)));
            pair.right().configure(psk, other, tunnels.right());
            pair.start();
            world.runUntil(
                    "up",
                    Duration.ofSeconds(2),
                    () -> pair.left().isUp() && pair.right().isUp());
        });
    }

    @Test
    void credentialsAreReplacedWhileTheTunnelIsUp() {
        play(world -> {
            Pair pair = trusting(world, certificates(When.ALWAYS, 0)).start().untilWhole();
            KeyPair fresh = TestKeys.pair(Kind.ECDSA_P384);
            Tunnels renewed = certificates(When.ALWAYS, 0);
            renewed.left().local(Proving.certificate(fresh, When.ALWAYS, 0));
            Gateway left = pair.left().gateway();
            pair.right().gateway().judge().finds(Proving.certificate(fresh), Proving.trusted(fresh));
            var children = pair.left().children();
            long ticket = left.replace(Map.of(
                    "t", renewed.left().credentials(), "unknown", renewed.left().credentials()));
            assertThat(left.reply(ticket).orElseThrow().ok()).isTrue();
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.left().children()).isEqualTo(children);
            assertThat(pair.left().status().proofs().orElseThrow().local().method())
                    .isEqualTo("ecdsa-sha256");
            left.down("t");
            world.runFor(Duration.ofSeconds(1));
            left.up("t");
            pair.untilSettled();
            assertThat(pair.left().status().proofs().orElseThrow().local().method())
                    .isEqualTo("ecdsa-sha384");
        });
    }

    @Test
    void aPskThatIsReplacedIsNotUsedAnyMore() {
        play(world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            for (End end : List.of(pair.left(), pair.right())) {
                Tunnels renewed = Tunnels.pair().both(draft -> draft.psk("another secret"));
                TunnelDraft draft = end == pair.left() ? renewed.left() : renewed.right();
                var credentials = draft.credentials();
                TunnelDraft.secrets(credentials).forEach(end.gateway()::lends);
                end.gateway().replace(Map.of("t", credentials));
                end.closeLent();
            }
            pair.left().gateway().down("t");
            world.runFor(Duration.ofSeconds(1));
            pair.left().gateway().up("t");
            pair.untilSettled();
        });
    }

    // A peer that plays tricks while it is judged.

    private static void judged(Consumer<Scene> plot) {
        play(world -> {
            Tunnels tunnels = certificates(When.ALWAYS, 0);
            tunnels.right().local(Tunnels.pair().right().credentials().local());
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right());
            right.gateway().judge().finds(Proving.certificate(LEFT), Proving.trusted(LEFT));
            right.gateway().judge().takes(Optional.of(Duration.ofSeconds(2)));
            right.start();
            HandmadePeer peer = HandmadePeer.started(world, Tunnels.pair().left())
                    .proving(signed -> CertifiedPeer.proof(LEFT, signed));
            peer.init(CertifiedPeer.hashes());
            plot.accept(new Scene(world, peer, right));
        });
    }

    private record Scene(World world, HandmadePeer peer, End end) {}

    @Test
    void aRequestRepeatedMeanwhileIsAnsweredOnce_rfc7296_2_1() {
        judged(scene -> {
            Bytes request = scene.peer().authSent();
            for (int i = 0; i < 5; i++) {
                scene.world().runFor(Duration.ofMillis(300));
                assertThat(scene.peer().answered()).isEmpty();
                scene.peer().sendRaw(request);
            }
            scene.world().runFor(Duration.ofSeconds(1));
            assertThat(scene.peer().answered()).isPresent();
            assertThat(scene.end().gateway().judge().asked()).isEqualTo(1);
            assertThat(scene.end().isUp()).isTrue();
            scene.peer().sendRaw(request);
            scene.world().runFor(Duration.ofMillis(100));
            assertThat(scene.end().gateway().judge().asked()).isEqualTo(1);
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL)).isEmpty();
        });
    }

    @Test
    void otherRequestsMeanwhileAreNotWorkedOn_rfc7296_2_3() {
        judged(scene -> {
            scene.peer().authSent();
            scene.world().runFor(Duration.ofMillis(100));
            scene.peer().askedTooEarly(ExchangeType.INFORMATIONAL, new Payload.Delete(1, List.of()));
            scene.world().runFor(Duration.ofSeconds(1));
            assertThat(scene.end().gateway().hasTold("repeated")).isTrue();
            scene.world().runFor(Duration.ofSeconds(2));
            assertThat(scene.end().isUp()).isTrue();
        });
    }

    @Test
    void aPeerThatGoesAwayMeanwhileLeavesNothing() {
        judged(scene -> {
            scene.end().gateway().judge().takes(Optional.empty());
            scene.peer().authSent();
            scene.world().runFor(Duration.ofSeconds(60));
            assertThat(scene.peer().answered()).contains(List.of(Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED)));
            assertThat(scene.end().isUp()).isFalse();
        });
    }

    @Holds("7296-3.6-d")
    @Test
    void theFirstCertificateIsTheOneThatCounts_rfc7296_3_6() {
        judged(scene -> {
            scene.end().gateway().judge().takes(Optional.of(Duration.ZERO));
            scene.peer().proving(signed -> {
                List<Payload> many = new java.util.ArrayList<>(CertifiedPeer.proof(LEFT, signed));
                many.add(0, new Payload.Certificate(7, Bytes.of(new byte[2000])));
                many.add(0, new Payload.Certificate(99, Bytes.empty()));
                many.add(0, new Payload.Certificate(4, Bytes.empty()));
                return many;
            });
            List<Payload> answer = scene.peer().auth();
            assertThat(answer).containsExactly(Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED));
        });
    }
}
