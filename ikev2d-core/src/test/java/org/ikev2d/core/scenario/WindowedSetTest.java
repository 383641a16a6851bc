package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets that come up several SAs at a time. */
final class WindowedSetTest {
    private static final int CPUS = 64;
    private static final Duration ROUND_TRIP = Duration.ofMillis(50);
    private static final Weather STEADY = new Weather(ROUND_TRIP.dividedBy(2), Duration.ZERO, 0, 0, 0, 0, 0);

    /** Loss, copies, and messages that overtake each other, without traffic to prove anything. */
    private static final Weather ROUGH =
            new Weather(Duration.ofMillis(20), Duration.ofMillis(100), 0.2, 0.3, 0.3, 0.02, 3);

    private static Pair pair(World world, Tunnels tunnels, int left, int right) {
        Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(CPUS), Cpus.firstOnes(CPUS));
        pair.left().tune(Tuning.windowSize(left));
        pair.right().tune(Tuning.windowSize(right));
        return pair;
    }

    /** The narrower window counts. */
    @ParameterizedTest
    @CsvSource({"16, 16, 6", "64, 64, 2", "1, 1, 65", "16, 1, 65", "1, 16, 65", "4, 16, 17"})
    void setTakesAsManyRoundTripsAsThereAreWindowsInIt(int left, int right, int most) {
        World.play(1, world -> {
            world.network().weather(STEADY);
            Pair pair = pair(world, Tunnels.pair(), left, right).start();
            world.runUntil(
                    "IKE_AUTH is over", Duration.ofSeconds(1), () -> pair.left().isUp());
            world.runUntil("both sets are whole", ROUND_TRIP.multipliedBy(most), pair::isWhole);
            world.runFor(Duration.ofSeconds(2));
            pair.expectAgreement();
            assertThat(pair.left().perCpu()).isEqualTo(CPUS);
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Test
    void noPacketIsLostWhileSixteenComeUpAtATime() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair(), Cpus.firstOnes(CPUS), Cpus.firstOnes(CPUS))
                    .start();
            world.runUntil(
                    "the fallback",
                    Duration.ofSeconds(1),
                    () -> pair.left().isUp() && pair.right().isUp());
            BothWays traffic = BothWays.of(pair).start();
            pair.untilWhole();
            traffic.stop().expectNoLoss().expectOwnSas();
        });
    }

    /** The peer takes five: the others that were under way are refused, which is told once. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void refusalsOfAllThatAreUnderWayAreOneRefusal(Dialect dialect) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.of(Mode.EAGER, dialect));
            tunnels.right().queues(Queues.limit(5, Mode.EAGER, dialect));
            Pair pair = pair(world, tunnels, 16, 16).start();
            world.runFor(Duration.ofSeconds(5));
            pair.expectAgreement();
            assertThat(pair.left().perCpu()).isEqualTo(5);
            boolean agreed = dialect == Dialect.DRAFT_2020;
            assertThat(pair.left().status().note()).isEqualTo(agreed ? "" : noteOf("TS_MAX_QUEUE"));
            assertThat(pair.left().gateway().told())
                    .filteredOn(event -> event.code().equals("set-refused"))
                    .hasSize(agreed ? 0 : 1);
        });
    }

    private static String noteOf(String notify) {
        return "the peer refused a per-CPU SA with " + notify
                + " when the set had 5: compare the peer's limit with queue_limit";
    }

    /** The word of goodbye waits for what is under way, and nothing is left of that. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takenDownWhileManyAreUnderWay(boolean byInitiator) {
        World.play(1, world -> {
            world.network().weather(STEADY);
            Pair pair = pair(world, Tunnels.pair(), 16, 16).start();
            world.runUntil(
                    "some are made", Duration.ofSeconds(1), () -> pair.left().perCpu() > 20);
            (byInitiator ? pair.left() : pair.right()).gateway().down("t");
            world.runFor(Duration.ofMillis(200));
            pair.expectNothingUp();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void bothEndsHaveTheSameInTheEndWhateverIsLostOrOvertaken(int seed) {
        World.play(seed, world -> {
            world.network().weather(ROUGH);
            Tunnels tunnels = Tunnels.pair();
            if (seed % 3 == 0) {
                tunnels.right().alwaysUp();
            }
            int size = seed % 2 == 0 ? 16 : 3;
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(20), Cpus.firstOnes(24));
            pair.tune(policy -> Tuning.windowSize(size)
                            .apply(Tuning.fragmentSize(256).apply(policy)))
                    .start();
            world.runUntil("both sets are whole", Duration.ofMinutes(4), pair::isWhole);
            world.network().weather(Weather.FAIR);
            world.runFor(Duration.ofMinutes(1));
            pair.expectAgreement();
            BothWays.of(pair).once();
        });
    }
}
