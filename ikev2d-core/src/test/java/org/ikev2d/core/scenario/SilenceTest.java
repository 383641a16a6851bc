package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.State;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that say nothing: not yet, for a while, or never. */
final class SilenceTest {
    private static int attempts(String story) {
        return story.split("left says DEBUG ike-state: IKE SA [0-9a-f]+: ENDED", -1).length - 1;
    }

    @Test
    void peerThatIsNotThereYetIsAskedForEverWithLongerAndLongerWaits_rfc7296_2_4() {
        String story = World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            pair.left().start();
            world.runFor(Duration.ofMinutes(20));
            assertThat(pair.left().status().state()).isEqualTo(State.CONNECTING);
            assertThat(pair.left().lastError()).startsWith("peer-silent: ").contains("was sent 5 times");
            pair.right().start();
            world.runUntil("up", Duration.ofSeconds(91), pair::isWhole);
        });
        // 30 s each, and waits of 1, 2, 4 ... 60 s between them.
        assertThat(attempts(story)).isBetween(15, 20);
    }

    @Test
    void livenessIsAskedOnlyWhileNothingIsHeard_rfc7296_2_4() {
        String story = World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            BothWays traffic = BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), Duration.ofSeconds(5));
            traffic.start();
            world.tell("busy");
            world.runFor(Duration.ofMinutes(5));
            traffic.stop();
            world.tell("quiet");
            world.runFor(Duration.ofMinutes(5));
        });
        int quiet = story.indexOf("  quiet");
        assertThat(story.substring(quiet)).contains("INFORMATIONAL request");
        String busy = story.substring(story.indexOf("  busy"), quiet);
        // The very first look finds nothing to compare with.
        assertThat(busy.split("--> \\S+ INFORMATIONAL request", -1)).hasSizeLessThanOrEqualTo(3);
    }

    @Holds("7296-2.4-d")
    @Test
    void cutLinkIsNoticedByBothEndsAndMendedOnesComeUpAgain_rfc7296_2_4() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(1));
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runUntil(
                    "both ends notice",
                    Duration.ofSeconds(100),
                    () -> !pair.left().isUp() && !pair.right().isUp());
            assertThat(pair.left().lastError()).startsWith("peer-silent: ");
            assertThat(pair.right().lastError()).startsWith("peer-silent: ");
            world.runFor(Duration.ofMinutes(3));
            world.network().mend(pair.left().gateway(), pair.right().gateway());
            world.runUntil("up again", Duration.ofSeconds(91), pair::isWhole);
            world.runFor(Duration.ofSeconds(15));
            pair.expectAgreement();
            traffic.countAnew();
            world.runFor(Duration.ofSeconds(2));
            traffic.stop().expectNoLoss().expectOwnSas();
        });
    }

    @Test
    void shortCutIsSurvivedByRepetition_rfc7296_2_1() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            world.runFor(Duration.ofSeconds(25));
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofSeconds(15));
            world.network().mend(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofMinutes(2));
            pair.expectAgreement();
            assertThat(pair.left().lastError()).isEmpty();
            assertThat(pair.right().lastError()).isEmpty();
        });
    }

    @Test
    void wayThatIsCutInOneDirectionOnlyIsNoticedToo() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            world.network().cut(pair.right().gateway(), pair.left().gateway());
            world.runUntil(
                    "left notices", Duration.ofSeconds(100), () -> !pair.left().isUp());
            world.network().mend(pair.left().gateway(), pair.right().gateway());
            world.runUntil("up again", Duration.ofSeconds(91), () -> pair.left().isUp());
            world.runFor(Duration.ofSeconds(40));
            pair.expectAgreement();
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Test
    void silentPeerWithLivenessSwitchedOffIsNotAsked() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().both(draft -> draft.liveness(Duration.ZERO));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runFor(Duration.ofMinutes(10));
            world.network().mend(pair.left().gateway(), pair.right().gateway());
            pair.expectAgreement();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 30, 300})
    void peerIsGivenUpAfterATimeOfTheTunnelsOwn_rfc7296_2_4(int seconds) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().liveness(Duration.ofSeconds(10), Duration.ofSeconds(seconds));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            world.runFor(Duration.ofSeconds(5));
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            Wiretap wiretap = Wiretap.in(world);
            world.runUntil(
                    "it asks",
                    Duration.ofSeconds(11),
                    () -> wiretap.from(Tunnels.LEFT).findFirst().isPresent());
            world.runFor(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(pair.left().isUp()).isTrue();
            world.runFor(Duration.ofMillis(2));
            assertThat(pair.left().isUp()).isFalse();
            assertThat(pair.left().lastError()).startsWith("peer-silent: ");
        });
    }
}
