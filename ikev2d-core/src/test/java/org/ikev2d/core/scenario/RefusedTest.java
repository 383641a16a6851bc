package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.State;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.wire.Identity;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends that cannot agree: both say why, and nothing is left. */
final class RefusedTest {
    private static Identity name(String text) {
        return TunnelDraft.textId(IdType.FQDN, text);
    }

    /** Runs until both ends have said something; each must have said its part. */
    private static String refused(Tunnels tunnels, String leftSays, String rightSays) {
        return World.play(1, world -> {
            Pair pair = Pair.of(world, tunnels).start();
            world.runUntil(
                    "both know why",
                    Duration.ofSeconds(10),
                    () -> !pair.left().lastError().isEmpty()
                            && !pair.right().lastError().isEmpty());
            world.runFor(Duration.ofMillis(500));
            pair.expectNothingUp();
            assertThat(pair.left().lastError()).matches("(?s)" + leftSays);
            assertThat(pair.right().lastError()).matches("(?s)" + rightSays);
            assertThat(pair.left().status().state()).isEqualTo(State.CONNECTING);
            assertThat(pair.right().status().state()).isEqualTo(State.DOWN);
            assertThat(pair.left().gateway().hasTold("ike-up")).isFalse();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }

    @Holds({"7296-1.2-b", "7296-2.21.2-a"})
    @Test
    void otherPskIsSaidAtBothEnds_rfc7296_2_21_2() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.right().psk("another secret");
        String story = refused(
                tunnels, "authentication-failed: .*compare the PSK.*", "authentication-failed: .*compare the PSK.*");
        assertThat(story).contains("IKE_AUTH response 1 { SK { N(AUTHENTICATION_FAILED) } }");
    }

    @Holds({"7296-1.2-c", "7296-2.21.2-a"})
    @Test
    void initiatorThatIsSomebodyElseIsRefused() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.right().ids(TunnelDraft.addressId(Tunnels.RIGHT), name("left.example"));
        refused(
                tunnels,
                "authentication-failed: .*local_id, 192\\.0\\.2\\.1.*",
                "authentication-failed: .*192\\.0\\.2\\.1.*compare remote_id.*");
    }

    /** Two tunnels between the same ends: why a peer is refused concerns the one that it names. */
    @Test
    void aTunnelThatThePeerDoesNotNameIsToldNothing() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().psk("another secret");
            Pair pair = Pair.of(world, tunnels);
            TunnelDraft other = Tunnels.between(Tunnels.LEFT, Tunnels.RIGHT, Tunnels.net(3), Tunnels.net(4))
                    .right()
                    .named("other")
                    .number(6)
                    .ids(TunnelDraft.addressId(Tunnels.RIGHT), name("other.example"));
            pair.right().configure(other, tunnels.right());
            pair.start();
            world.runUntil(
                    "it is refused",
                    Duration.ofSeconds(10),
                    () -> !pair.right().lastError().isEmpty());
            assertThat(pair.right().status("other").lastError()).isEmpty();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(40));
        });
    }

    @Holds("7296-2.21.2-a")
    @Test
    void responderThatIsAskedForSomebodyElseRefuses() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.right().ids(name("right.example"), TunnelDraft.addressId(Tunnels.LEFT));
        refused(tunnels, "authentication-failed: .*remote_id.*", "authentication-failed: .*compare .*local_id.*");
    }

    @Holds({"7296-2.7-c", "7296-3.3.4-d", "7296-3.3.4-e"})
    @Test
    void noCommonIkeProposalIsSaidAtBothEnds_rfc7296_2_7() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().ike(Proposals.ike(EncryptionAlgorithm.AES_GCM_16));
        tunnels.right().ike(Proposals.ike(EncryptionAlgorithm.CHACHA20_POLY1305));
        String story = refused(
                tunnels,
                "no-proposal-chosen: .*ike_proposals.*AES_GCM_16.*",
                "no-proposal-chosen: .*IKE proposal.*AES_GCM_16.*CHACHA20.*");
        assertThat(story).contains("IKE_SA_INIT response 0 { N(NO_PROPOSAL_CHOSEN) }");
    }

    @Holds({"7296-2.7-c", "7296-2.21.2-d"})
    @Test
    void noCommonEspProposalIsSaidAtBothEnds_rfc7296_2_7() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().esp(Proposals.esp(EncryptionAlgorithm.AES_GCM_16));
        tunnels.right().esp(Proposals.esp(EncryptionAlgorithm.CHACHA20_POLY1305));
        String story = refused(
                tunnels,
                "no-proposal-chosen: .*esp_proposals.*AES_GCM_16.*",
                "no-proposal-chosen: .*ESP proposal.*AES_GCM_16.*CHACHA20.*");
        assertThat(story).contains("IKE_AUTH response 1 { SK { IDr, AUTH, N(NO_PROPOSAL_CHOSEN) } }");
    }

    @Holds("7296-2.21.2-d")
    @Test
    void selectorsWithNothingInCommonAreSaidAtBothEnds_rfc7296_2_9() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.right().selectors(List.of(Tunnels.net(3)), List.of(Tunnels.net(1)));
        String story = refused(
                tunnels, "ts-unacceptable: .*remote_ts, 10\\.2\\..*", "ts-unacceptable: .*no selectors in common.*");
        assertThat(story).contains("IKE_AUTH response 1 { SK { IDr, AUTH, N(TS_UNACCEPTABLE) } }");
    }

    @Test
    void peerThatKnowsNoSuchTunnelSaysSoAndTheInitiatorTriesAgainLater() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().remote(Tunnels.LEFT_V6);
            Pair pair = Pair.of(world, tunnels).start();
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.left().lastError()).startsWith("no-proposal-chosen: ");
            assertThat(pair.right().gateway().hasTold("no-tunnel")).isTrue();
            assertThat(pair.left().status().state()).isEqualTo(State.CONNECTING);
        });
    }

    /** Every refusal is followed by further attempts, with back-off; once the cause is gone, one of them succeeds. */
    @Test
    void tunnelComesUpWhenTheCauseIsGone() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().psk("another secret");
            Pair pair = Pair.of(world, tunnels).start();
            world.runFor(Duration.ofSeconds(10));
            pair.expectNothingUp();
            pair.right().gateway().stop(false);
            pair.right().configure(Tunnels.pair().right());
            pair.right().start();
            pair.untilWhole();
            assertThat(pair.left().gateway().told())
                    .filteredOn(event -> event.code().equals("authentication-failed"))
                    .hasSizeBetween(3, 5);
        });
    }

    private static Identity identity(IdType type, String text) {
        return switch (type) {
            case IPV4_ADDR -> TunnelDraft.addressId(Tunnels.LEFT);
            case IPV6_ADDR -> TunnelDraft.addressId(Tunnels.LEFT_V6);
            default -> TunnelDraft.textId(type, text);
        };
    }

    @Holds({"7296-1.2-c", "7296-3.5-e", "7296-3.5-f", "7296-3.5-g", "7296-3.5-h"})
    @ParameterizedTest
    @EnumSource(
            value = IdType.class,
            names = {"IPV4_ADDR", "IPV6_ADDR", "FQDN", "RFC822_ADDR", "KEY_ID"})
    void everyKindOfIdentityIsProven_rfc7296_3_5(IdType type) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            Identity theirs = identity(type, "right.example");
            tunnels.left().ids(identity(type, "left.example"), theirs);
            tunnels.right().ids(theirs, identity(type, "left.example"));
            Pair.of(world, tunnels).start().untilWhole();
        });
    }
}
