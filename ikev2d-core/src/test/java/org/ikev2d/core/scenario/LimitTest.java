package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends that do not want as many SAs as the other. */
final class LimitTest {
    @Holds({"9611-6-f", "9611-6-g", "9611-7-a"})
    @ParameterizedTest
    @EnumSource(Mode.class)
    void fullSetIsKeptByRefusingAndTheOtherCpusUseTheFallback_rfc9611_6(Mode mode) {
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.of(mode, Dialect.RFC9611));
            tunnels.right().queues(Queues.limit(2, mode, Dialect.RFC9611));
            Pair pair = Pair.of(world, tunnels).start();
            world.runUntil(
                    "the fallback",
                    Duration.ofSeconds(1),
                    () -> pair.left().isUp() && pair.right().isUp());
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(5));
            pair.expectAgreement();
            assertThat(pair.right().perCpu()).isEqualTo(2);
            assertThat(pair.left().status().note()).contains("TS_MAX_QUEUE", "queue_limit");
            assertThat(pair.left().status().childrenExpected()).isEqualTo(5);
            world.runFor(Duration.ofSeconds(90));
            pair.expectAgreement();
            traffic.stop().expectNoLoss();
        });
        assertThat(story).contains("SK { N(TS_MAX_QUEUE) }").doesNotContain("N(NO_ADDITIONAL_SAS)");
    }

    /** 2 as the responder's maximum: the initiator knows it, and does not even ask. */
    @Test
    void agreedNumberOfTheDraftIsNotExceeded() {
        String story = World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.of(Mode.EAGER, Dialect.DRAFT_2020));
            tunnels.right().queues(Queues.limit(2, Mode.EAGER, Dialect.DRAFT_2020));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            assertThat(pair.left().perCpu()).isEqualTo(2);
            assertThat(pair.left().status().childrenExpected()).isEqualTo(3);
            BothWays.of(pair).once();
        });
        assertThat(story).doesNotContain("N(TS_UNACCEPTABLE)").doesNotContain("N(NO_ADDITIONAL_SAS)");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void peerWithoutSetsGetsOneOrdinarySaAndTheStatusSaysWhy_rfc9611_3(Dialect dialect) {
        for (Mode mode : Mode.values()) {
            World.play(1, world -> {
                Tunnels tunnels = Tunnels.pair().queues(Queues.of(mode, dialect));
                tunnels.right().queues(Queues.count(0, mode, dialect));
                Pair pair = Pair.of(world, tunnels).start();
                world.runUntil("up", Duration.ofSeconds(1), () -> pair.left().isUp());
                BothWays traffic = BothWays.of(pair).start();
                world.runFor(Duration.ofSeconds(5));
                pair.expectAgreement();
                for (End end : new End[] {pair.left(), pair.right()}) {
                    assertThat(end.children()).extracting(ChildStatus::kind).containsExactly(ChildKind.ORDINARY);
                }
                assertThat(pair.left().status().note())
                        .startsWith("one ordinary SA: the peer did not send the notify of ")
                        .contains(dialect == Dialect.RFC9611 ? "SA_RESOURCE_INFO" : "NUM_QUEUES");
                assertThat(pair.right().status().note()).isEmpty();
                assertThat(pair.left().asksPerCpu()).isFalse();
                traffic.stop().expectNoLoss();
            });
        }
    }

    @Test
    void initiatorWithoutSetsDoesNotAskForOneAndTheResponderSaysWhyThereIsNone() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().queues(Queues.count(0, Mode.EAGER, Dialect.RFC9611));
            Pair pair = Pair.of(world, tunnels).start();
            world.runFor(Duration.ofSeconds(5));
            pair.expectAgreement();
            assertThat(pair.right().children()).extracting(ChildStatus::kind).containsExactly(ChildKind.ORDINARY);
            assertThat(pair.left().status().note()).isEmpty();
            assertThat(pair.right().status().note()).contains("SA_RESOURCE_INFO");
            assertThat(pair.left().status().childrenExpected()).isEqualTo(1);
        });
    }

    @Test
    void endsOfTwoDialectsSpeakTheInitiators() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().queues(Queues.of(Mode.EAGER, Dialect.DRAFT_2020));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            assertThat(pair.left().perCpu()).isEqualTo(4);
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Test
    void endsOfTwoModesGetAlong() {
        for (Dialect dialect : Dialect.values()) {
            for (boolean leftIsEager : new boolean[] {true, false}) {
                World.play(1, world -> {
                    Tunnels tunnels = Tunnels.pair().queues(Queues.of(Mode.EAGER, dialect));
                    (leftIsEager ? tunnels.right() : tunnels.left()).queues(Queues.of(Mode.ON_DEMAND, dialect));
                    Pair pair = Pair.of(world, tunnels).start().untilWhole();
                    BothWays traffic = BothWays.of(pair).start();
                    world.runFor(Duration.ofSeconds(2));
                    traffic.stop().expectNoLoss().expectOwnSas();
                    pair.expectAgreement();
                });
            }
        }
    }

    /** Both ends ask for the last place at once: one too many is refused, and nothing is lost over it. */
    @Holds("7296-2.3-c")
    @Test
    void lastPlaceIsAskedForByBothAtOnce() {
        World.play(1, world -> {
            QueuePolicy narrow = Queues.of(OptionalInt.empty(), Mode.ON_DEMAND, Dialect.RFC9611, OptionalInt.of(1));
            Pair pair = Pair.of(world, Tunnels.pair().queues(narrow), Cpus.firstOnes(2), Cpus.firstOnes(2))
                    .start();
            world.runUntil(
                    "up",
                    Duration.ofSeconds(1),
                    () -> pair.left().asksPerCpu() && pair.right().asksPerCpu());
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(70));
            pair.expectAgreement();
            traffic.stop().expectNoLoss();
            assertThat(pair.left().perCpu()).isEqualTo(1);
        });
    }
}
