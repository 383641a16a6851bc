package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.TunnelStatus.State;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** How tunnels go down, and come up again. */
final class EndingTest {
    private static Output.Reply reply(End end, long ticket) {
        return end.gateway().reply(ticket).orElseThrow(() -> new AssertionError("no answer to " + ticket));
    }

    @Holds("7296-2.4-i")
    @Test
    void downTellsThePeerAndStaysDown_rfc7296_1_4_1() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            long ticket = pair.left().gateway().down("t");
            world.runFor(Duration.ofMillis(100));
            assertThat(reply(pair.left(), ticket).ok()).isTrue();
            pair.expectNothingUp();
            assertThat(pair.left().status().state()).isEqualTo(State.DOWN);
            assertThat(pair.right().lastError()).startsWith("peer-deleted: ");
            world.runFor(Duration.ofMinutes(5));
            pair.expectNothingUp();
            // Its policies stay, so that nothing leaves in the clear.
            assertThat(pair.left().policies(Direction.OUT)).hasSize(1);
        });
    }

    @Test
    void tunnelThatIsDownRefusesThePeer() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().alwaysUp();
            Pair pair = Pair.of(world, tunnels).start().untilSettled();
            pair.left().gateway().down("t");
            world.runFor(Duration.ofMinutes(2));
            pair.expectNothingUp();
            assertThat(pair.right().status().state()).isEqualTo(State.CONNECTING);
            assertThat(pair.right().lastError()).startsWith("no-proposal-chosen: ");
        });
    }

    @Test
    void upBringsUpWhatWasTakenDown() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            pair.left().gateway().down("t");
            world.runFor(Duration.ofSeconds(2));
            long ticket = pair.left().gateway().up("t");
            pair.untilWhole();
            assertThat(reply(pair.left(), ticket)).isEqualTo(new Output.Reply(ticket, true, "tunnel t is up"));
            long again = pair.left().gateway().up("t");
            assertThat(reply(pair.left(), again).text()).isEqualTo("tunnel t is up already");
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Test
    void upFromTheEndThatWaitsInitiates() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().responder();
            Pair pair = Pair.of(world, tunnels).start();
            world.runFor(Duration.ofSeconds(10));
            pair.expectNothingUp();
            long ticket = pair.right().gateway().up("t");
            pair.untilWhole();
            assertThat(reply(pair.right(), ticket).ok()).isTrue();
        });
    }

    @Test
    void upThatFailsSaysWhyAndOneForNobodyToo() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().responder().psk("another secret");
            Pair pair = Pair.of(world, tunnels).start();
            long ticket = pair.left().gateway().up("t");
            world.runFor(Duration.ofSeconds(1));
            assertThat(reply(pair.left(), ticket).ok()).isFalse();
            assertThat(reply(pair.left(), ticket).text()).contains("AUTHENTICATION_FAILED");
            long nobody = pair.left().gateway().up("u");
            assertThat(reply(pair.left(), nobody))
                    .isEqualTo(new Output.Reply(nobody, false, "there is no tunnel u; there are t"));
        });
    }

    @Test
    void downWhileComingUpAnswersBoth() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().responder();
            Pair pair = Pair.of(world, tunnels).start();
            long up = pair.left().gateway().up("t");
            world.runFor(Duration.ofMillis(25));
            long down = pair.left().gateway().down("t");
            world.runFor(Duration.ofSeconds(1));
            assertThat(reply(pair.left(), up).ok()).isFalse();
            assertThat(reply(pair.left(), down).ok()).isTrue();
            // Right was up already, and keeps its SAs for a while: left's kernel might go on where its daemon has died.
            world.runFor(Duration.ofMinutes(7));
            pair.expectNothingUp();
        });
    }

    @Holds("7296-2.25.2-e")
    @Test
    void downOfBothEndsAtOnceCrossesAndEnds_rfc7296_1_4_1() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            long left = pair.left().gateway().down("t");
            long right = pair.right().gateway().down("t");
            world.runFor(Duration.ofMillis(100));
            assertThat(reply(pair.left(), left).ok()).isTrue();
            assertThat(reply(pair.right(), right).ok()).isTrue();
            pair.expectNothingUp();
        });
    }

    @Test
    void downWithoutAnAnswerIsOverAfterTheLastRepetition() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            long ticket = pair.left().gateway().down("t");
            world.runUntil(
                    "an answer",
                    Duration.ofSeconds(31),
                    () -> pair.left().gateway().reply(ticket).isPresent());
            assertThat(pair.left().kernel().sas()).isEmpty();
        });
    }

    @Holds("7296-2.4-i")
    @Test
    void stopTellsThePeerAndTakesEverythingOut() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            pair.left().gateway().stop(false);
            world.runFor(Duration.ofMillis(100));
            assertThat(pair.left().gateway().isRunning()).isFalse();
            assertThat(pair.left().kernel().contents()).isEmpty();
            assertThat(pair.right().kernel().sas()).isEmpty();
        });
    }

    @Test
    void stopWithoutAnAnswerIsOverSoon() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            pair.left().gateway().stop(false);
            world.runFor(Duration.ofSeconds(5));
            assertThat(pair.left().gateway().isRunning()).isFalse();
            assertThat(pair.left().kernel().contents()).isEmpty();
        });
    }

    @Test
    void stopThatKeepsSaysNothingAndLeavesTheTrafficFlowing() {
        String story = World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(1));
            world.tell("now");
            pair.left().gateway().stop(true);
            assertThat(pair.left().gateway().isRunning()).isFalse();
            world.runFor(Duration.ofSeconds(10));
            traffic.stop().expectNoLoss();
            world.tell("then");
            pair.left().start();
            pair.untilSettled();
        });
        assertThat(story.substring(story.indexOf("  now"), story.indexOf("  then")))
                .doesNotContain("left -->")
                .doesNotContain("DELSA");
    }

    @Test
    void peerThatDeletesIsAskedAgainAfterAWait() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            pair.right().gateway().stop(false);
            world.runFor(Duration.ofMillis(500));
            pair.right().start();
            assertThat(pair.left().lastError()).startsWith("peer-deleted: ");
            pair.untilWhole();
        });
    }

    /** The kernel refuses a further SA at the end that asked for it: the peer has to take its half out. */
    @Holds({"7296-1.4-c", "7296-2.4-h"})
    @Test
    void childSaThatCannotBeInstalledIsDeletedAtThePeer_rfc7296_1_4_1() {
        String story = World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            pair.left().kernel().faults().failAt("NEWSA out", 3, FakeKernel.ENOMEM);
            BothWays traffic = BothWays.of(pair);
            pair.start();
            world.runUntil(
                    "the fallback", Duration.ofSeconds(1), () -> pair.left().isUp());
            traffic.start();
            world.runFor(Duration.ofMillis(1500));
            assertThat(pair.left().kernel().faults().allHappened()).isTrue();
            assertThat(pair.left().status().note()).contains("told to fail");
            // In the end both ends have what they want: the peer made those that are missing, or we tried again.
            world.runFor(Duration.ofMinutes(1));
            pair.expectAgreement();
            assertThat(pair.left().coversAll()).isTrue();
            traffic.stop().expectNoLoss();
        });
        assertThat(story).contains("INFORMATIONAL request 6 { SK { D } }", "INFORMATIONAL response 6 { SK { D } }");
    }

    @Test
    void kernelThatTakesNoSaAtAllIsSaidAndTheTunnelIsTriedAgain() {
        for (String operation : List.of("ALLOCSPI", "UPDSA in", "NEWSA out")) {
            World.play(1, world -> {
                Pair pair = Pair.of(world, Tunnels.pair());
                pair.left().kernel().faults().failAt(operation, 1, FakeKernel.ENOMEM);
                pair.start();
                world.runUntil(
                        "it is said",
                        Duration.ofSeconds(1),
                        () -> pair.left().lastError().startsWith("kernel-refused: "));
                world.runFor(Duration.ofMillis(100));
                pair.expectNothingUp();
                pair.untilWhole();
            });
        }
    }

    @Test
    void kernelThatTakesNoSaAtTheResponderIsSaidAndTheTunnelIsTriedAgain() {
        for (String operation : List.of("ALLOCSPI", "UPDSA in", "NEWSA out")) {
            World.play(1, world -> {
                Pair pair = Pair.of(world, Tunnels.pair());
                pair.right().kernel().faults().failAt(operation, 1, FakeKernel.ENOMEM);
                pair.start();
                world.runUntil(
                        "it is said",
                        Duration.ofSeconds(1),
                        () -> pair.right().lastError().startsWith("kernel-refused: "));
                world.runFor(Duration.ofMillis(100));
                pair.expectNothingUp();
                pair.untilWhole();
            });
        }
    }
}
