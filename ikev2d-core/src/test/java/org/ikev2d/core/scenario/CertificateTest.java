package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.auth.PeerIdentity;
import org.ikev2d.core.auth.RemoteAuth;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.PublicKey.Kind;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.world.Gateway;
import org.ikev2d.core.world.TestKeys;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peers whose certificates somebody else judges. */
final class CertificateTest {
    @Holds({"7296-1.2-a", "7296-3.6-a", "7296-3.6-b", "7296-3.6-d"})
    @Test
    void certificatesProveBothEnds_rfc7296_3_6_rfc7296_3_7() {
        String story = World.play(1, world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 3))
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
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 3))
                    .start()
                    .untilWhole();
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
        Certified.play(world -> {
            Tunnels tunnels = Certified.pair(when, 0);
            RemoteAuth.Certificates wanted = new RemoteAuth.Certificates(List.of(Proving.AUTHORITY), Proving.ALL, asks);
            tunnels.both(draft -> draft.remote(wanted));
            Pair pair = Certified.trusting(world, tunnels).start();
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

    @Test
    void whatTheJudgeRemarksIsTold() {
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0));
            pair.right()
                    .gateway()
                    .judge()
                    .finds(
                            Proving.certificate(Certified.LEFT),
                            Proving.trusted(Certified.LEFT, "whether it is revoked is not known"));
            pair.start().untilWhole();
            assertThat(pair.right().gateway().told())
                    .contains(new Event(
                            Event.Level.WARN, "t", "certificate-remark", "whether it is revoked is not known"));
        });
    }

    @ParameterizedTest
    @CsvSource({"*.example.org, gw.example.org", "any, keyid:blue", "'C=XX, CN=*', 'C=XX, CN=gw'"})
    void thePeersIdentityMayBeOneOfMany(String pattern, String identity) {
        String story = World.play(1, world -> {
            Tunnels tunnels = Certified.pair(When.ALWAYS, 0);
            tunnels.right()
                    .ids(Identity.parse(identity), new PeerIdentity.Exactly(TunnelDraft.addressId(Tunnels.LEFT)));
            tunnels.left().ids(TunnelDraft.addressId(Tunnels.LEFT), PeerIdentity.parse(pattern));
            Pair pair = Certified.trusting(world, tunnels).start().untilWhole();
            assertThat(pair.left().status().proofs().orElseThrow().remote().identity())
                    .isEqualTo(Identity.parse(identity).describe());
        });
        assertThat(story).doesNotContainPattern("IKE_AUTH request 1 .* IDr");
    }

    /** Two tunnels between the same ends, with the same identities and different authorities. */
    @Test
    void theTunnelIsTheOneWhoseRulesTrustThePeer() {
        Certified.play(world -> {
            Tunnels tunnels = Certified.pair(When.ALWAYS, 0);
            Pair pair = Certified.trusting(world, tunnels);
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
        Certified.play(world -> {
            Pair pair = Certified.trusting(world, Certified.pair(When.ALWAYS, 0))
                    .start()
                    .untilWhole();
            KeyPair fresh = TestKeys.pair(Kind.ECDSA_P384);
            Tunnels renewed = Certified.pair(When.ALWAYS, 0);
            renewed.left().local(Proving.certificate(fresh, When.ALWAYS, 0));
            Gateway left = pair.left().gateway();
            pair.right().gateway().judge().finds(Proving.certificate(fresh), Proving.trusted(fresh));
            var children = pair.left().children();
            long ticket = pair.left().reconfigure(renewed.left());
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
        Certified.play(world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            for (End end : List.of(pair.left(), pair.right())) {
                Tunnels renewed = Tunnels.pair().both(draft -> draft.psk("another secret"));
                end.reconfigure(end == pair.left() ? renewed.left() : renewed.right());
            }
            pair.left().gateway().down("t");
            world.runFor(Duration.ofSeconds(1));
            pair.left().gateway().up("t");
            pair.untilSettled();
        });
    }
}
