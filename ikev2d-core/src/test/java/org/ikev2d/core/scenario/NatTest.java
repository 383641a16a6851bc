package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** With a NAT before the end that begins, or as if there were one. */
final class NatTest {
    @Holds({"7296-2-c", "7296-2.23-d", "7296-2.23-g", "7296-2.23-i", "7296-2.23-k", "7296-2.23-l"})
    @Test
    void bothEndsMoveToPort4500AndEncapsulate_rfc7296_2_23() {
        String story = World.play(1, world -> {
            Pair pair = Natted.in(world).pair().start().untilWhole();
            assertThat(pair.left().status().local()).isEqualTo(new Endpoint(Tunnels.LEFT, 4500));
            assertThat(pair.left().status().remote()).isEqualTo(new Endpoint(Tunnels.RIGHT, 4500));
            assertThat(pair.right().status().local()).isEqualTo(new Endpoint(Tunnels.RIGHT, 4500));
            assertThat(pair.right().status().remote().address()).isEqualTo(Natted.OUTSIDE);
            // The NAT lets nothing but UDP pass, and the kernels compare ports: what arrives was encapsulated right.
            BothWays.of(pair).once().expectOwnSas();
        });
        assertThat(story)
                .containsSubsequence(
                        "left --> 198.51.100.2:500 IKE_SA_INIT request",
                        "left --> 198.51.100.2:4500 IKE_AUTH request",
                        "left --> 198.51.100.2:4500 CREATE_CHILD_SA request")
                .doesNotContain("198.51.100.2:500 IKE_AUTH");
    }

    /** Without keepalives the NAT would forget after a minute, and the peer's packets would meet no mapping. */
    @Holds("7296-2.23-j")
    @Test
    void keepalivesHoldTheMappingWhileNothingElseIsSent_rfc7296_2_23() {
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().both(draft -> draft.liveness(Duration.ZERO));
            Pair pair = Natted.in(world, tunnels).pair().start().untilWhole();
            world.runFor(Duration.ofMinutes(10));
            BothWays.of(pair).once().expectOwnSas();
        });
        assertThat(story.split("left --> 198.51.100.2:4500 keepalive", -1)).hasSizeBetween(30, 32);
        assertThat(story).doesNotContain("right --> 203.0.113.9:40000 keepalive");
    }

    @Test
    void forcedEncapsulationOfEitherEndIsEnough_rfc7296_2_23() {
        for (boolean leftForces : new boolean[] {true, false}) {
            String story = World.play(1, world -> {
                Tunnels tunnels = Tunnels.pair();
                (leftForces ? tunnels.left() : tunnels.right()).forceEncapsulation();
                Pair pair = Pair.of(world, tunnels).start().untilWhole();
                assertThat(pair.left().status().remote().port()).isEqualTo(4500);
                assertThat(pair.right().status().remote().port()).isEqualTo(4500);
                BothWays.of(pair).once().expectOwnSas();
            });
            assertThat(story).contains("left --> 198.51.100.2:4500 IKE_AUTH");
        }
    }

    @Test
    void forcedEncapsulationOfBothEnds() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.both(draft -> draft.forceEncapsulation());
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Test
    void withoutNatNothingIsEncapsulated() {
        String story =
                World.play(1, world -> Pair.of(world, Tunnels.pair()).start().untilWhole());
        assertThat(story).doesNotContain(":4500").doesNotContain("keepalive");
    }

    @Test
    void stoppedEndBehindTheNatLeavesNothingAtThePeer() {
        World.play(1, world -> {
            Pair pair = Natted.in(world).pair().start().untilWhole();
            pair.left().gateway().stop(false);
            world.runFor(Duration.ofSeconds(1));
            pair.expectNothingUp();
        });
    }
}
