package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.core.registry.KeyExchangeMethod.CURVE25519;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_256;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_384;
import static org.ikev2d.core.registry.KeyExchangeMethod.NONE;

import java.time.Duration;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** A request that the peer wants in another form: with a cookie, with another key exchange. */
final class AskedAgainTest {
    private static void expectInOrder(String story, String... lines) {
        assertThat(story).containsSubsequence(lines);
    }

    @Holds("7296-2.6-d")
    @Test
    void demandedCookieIsShownAndTheTunnelComesUp_rfc7296_2_6() {
        String story = World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            pair.right().tune(Tuning.cookieThreshold(0));
            pair.start().untilWhole();
            BothWays.of(pair).once().expectOwnSas();
        });
        expectInOrder(
                story,
                "left --> 198.51.100.2:500 IKE_SA_INIT request 0 { SA, KE, Nonce, N(NAT_DETECTION_SOURCE_IP)",
                "right --> 192.0.2.1:500 IKE_SA_INIT response 0 { N(COOKIE) }",
                "left --> 198.51.100.2:500 IKE_SA_INIT request 0 { N(COOKIE), SA, KE, Nonce,",
                "right --> 192.0.2.1:500 IKE_SA_INIT response 0 { SA, KE, Nonce,",
                "left --> 198.51.100.2:500 IKE_AUTH request 1 ");
    }

    @Test
    void nothingIsKeptOfWhoDoesNotShowItsCookie_rfc7296_2_6() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            pair.right().tune(Tuning.cookieThreshold(0));
            world.network().cut(pair.right().gateway(), pair.left().gateway());
            pair.start();
            world.runFor(Duration.ofSeconds(20));
            assertThat(pair.right().gateway().told())
                    .noneMatch(event -> event.code().equals("ike-state"));
        });
    }

    @Holds({"7296-1.2-d", "7296-3.3.6-j"})
    @Test
    void otherKeyExchangeIsTakenWhenThePeerWantsIt_rfc7296_1_2() {
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().ike(Proposals.ike(CURVE25519, ECP_256));
            tunnels.right().ike(Proposals.ike(ECP_256));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            assertThat(pair.left().status().ikeSuite()).endsWith("/ECP_256");
            assertThat(pair.left().lastError()).isEmpty();
            assertThat(pair.right().lastError()).isEmpty();
        });
        expectInOrder(
                story,
                "IKE_SA_INIT request 0 { SA, KE, Nonce",
                "IKE_SA_INIT response 0 { N(INVALID_KE_PAYLOAD) }",
                "IKE_SA_INIT request 0 { SA, KE, Nonce",
                "IKE_SA_INIT response 0 { SA, KE, Nonce");
    }

    @Holds("7296-2.6.1-a")
    @Test
    void cookieAndThenAnotherKeyExchange_rfc7296_2_6_1() {
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().ike(Proposals.ike(CURVE25519, ECP_256));
            tunnels.right().ike(Proposals.ike(ECP_256));
            Pair pair = Pair.of(world, tunnels);
            pair.right().tune(Tuning.cookieThreshold(0));
            pair.start().untilWhole();
            assertThat(pair.left().status().ikeSuite()).endsWith("/ECP_256");
        });
        // The cookie covers SPI, nonce and address, so it is good for the second form too: three round trips, not four.
        assertThat(story.split("--> \\S+ IKE_SA_INIT request 0", -1)).hasSize(4);
        expectInOrder(
                story,
                "response 0 { N(COOKIE) }",
                "request 0 { N(COOKIE), SA, KE, Nonce",
                "response 0 { N(INVALID_KE_PAYLOAD) }",
                "request 0 { N(COOKIE), SA, KE, Nonce",
                "response 0 { SA, KE, Nonce");
    }

    @Holds({"7296-1.3-c", "7296-3.4-e"})
    @Test
    void otherKeyExchangeIsTakenForAllPerCpuSasWhenThePeerWantsItForOne_rfc7296_1_3() {
        String story = askedForAnother(1);
        expectInOrder(
                story,
                "CREATE_CHILD_SA request 2 { SK { SA, Nonce, KE, TSi, TSr, N(SA_RESOURCE_INFO) } }",
                "CREATE_CHILD_SA response 2 { SK { N(INVALID_KE_PAYLOAD) } }",
                "CREATE_CHILD_SA request 3 { SK { SA, Nonce, KE, TSi, TSr, N(SA_RESOURCE_INFO) } }",
                "CREATE_CHILD_SA response 3 { SK { SA, Nonce, KE, TSi, TSr, N(SA_RESOURCE_INFO) } }");
        assertThat(story.split("--> \\S+ CREATE_CHILD_SA response", -1)).hasSize(1 + 5);
    }

    /** Four are under way when the peer asks for it: each is asked for again. */
    @Test
    void otherKeyExchangeIsTakenByAllThatAreUnderWay() {
        assertThat(askedForAnother(4).split("--> \\S+ CREATE_CHILD_SA response", -1))
                .hasSize(1 + 8);
    }

    private static String askedForAnother(int window) {
        return World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().esp(Proposals.esp(CURVE25519, ECP_256, ECP_384));
            tunnels.right().esp(Proposals.esp(ECP_384));
            Pair pair = Pair.of(world, tunnels)
                    .tune(Tuning.windowSize(window))
                    .start()
                    .untilWhole();
            BothWays.of(pair).once().expectOwnSas();
            assertThat(pair.left().children()).hasSize(5);
        });
    }

    @Holds({"7296-3.3.6-l", "7296-3.3.6-m"})
    @Test
    void peerWithoutKeyExchangeForChildSasGetsNone() {
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().esp(Proposals.esp(CURVE25519, NONE));
            tunnels.right().esp(Proposals.esp(NONE));
            Pair.of(world, tunnels).start().untilWhole();
        });
        expectInOrder(
                story,
                "CREATE_CHILD_SA request 2 { SK { SA, Nonce, KE, TSi",
                "CREATE_CHILD_SA response 2 { SK { SA, Nonce, TSi");
    }

    @Test
    void peerThatWantsAKeyExchangeForChildSasGetsIt() {
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().esp(Proposals.esp(NONE, ECP_256));
            tunnels.right().esp(Proposals.esp(ECP_256));
            Pair.of(world, tunnels).start().untilWhole();
        });
        expectInOrder(story, "CREATE_CHILD_SA response 2 { SK { SA, Nonce, KE, TSi");
    }
}
