package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages get lost, come twice, and overtake each other: in the end the set is whole, and both ends agree on it. Each
 * block of eight seeds has every mode, dialect, and number of ends that begin; with {@code -Dikev2d.long} there are more.
 */
final class WeatherTest {
    private static final int SEEDS = 200;
    private static final int BLOCK = 8;

    private static int factor() {
        return Boolean.getBoolean("ikev2d.long") ? 50 : 1;
    }

    static IntStream blocks() {
        return IntStream.range(0, factor() * SEEDS / BLOCK);
    }

    private static Pair pair(World world, int seed) {
        Mode mode = seed % 2 == 0 ? Mode.EAGER : Mode.ON_DEMAND;
        Dialect dialect = seed / 2 % 2 == 0 ? Dialect.RFC9611 : Dialect.DRAFT_2020;
        Tunnels tunnels = Tunnels.pair().queues(Queues.of(mode, dialect));
        if (seed / 4 % 2 == 1) {
            tunnels.right().alwaysUp();
        }
        return Pair.of(world, tunnels);
    }

    private static Weather weather(int seed) {
        return seed / BLOCK % 4 == 3 ? Weather.GUSTY : Weather.FOUL;
    }

    private static boolean isCovered(Pair pair) {
        return pair.left().isUp()
                && pair.right().isUp()
                && pair.left().coversAll()
                && pair.right().coversAll();
    }

    private static void throughFoulWeather(World world, int seed) {
        world.network().weather(weather(seed));
        Pair pair = pair(world, seed).start();
        BothWays traffic = BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), Duration.ofMillis(250))
                .start();
        world.runUntil("both sets are whole", Duration.ofMinutes(4), () -> isCovered(pair));
        world.runFor(Duration.ofSeconds(5));
        clearUp(world, pair);
        traffic.stop();
    }

    /** The weather clears up: whatever was under way comes to its end, and then no packet is lost. */
    private static void clearUp(World world, Pair pair) {
        world.network().weather(Weather.FAIR);
        world.runFor(Duration.ofSeconds(75));
        world.runUntil("both sets are whole again", Duration.ofMinutes(3), () -> isCovered(pair));
        world.runFor(Duration.ofSeconds(15));
        pair.expectAgreement();
        BothWays traffic = BothWays.of(pair).start();
        world.runFor(Duration.ofSeconds(1));
        traffic.stop().expectNoLoss();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void setIsWholeInTheEndAndNothingIsLeftOver(int block) {
        for (int seed = block * BLOCK; seed < (block + 1) * BLOCK; seed++) {
            int which = seed;
            World.play(seed, world -> throughFoulWeather(world, which));
        }
    }

    @Test
    void sameSeedGivesTheSameStory() {
        for (int seed = 0; seed < 2 * BLOCK; seed++) {
            int which = seed;
            String story = World.play(seed, world -> throughFoulWeather(world, which));
            assertThat(World.play(seed, world -> throughFoulWeather(world, which)))
                    .isEqualTo(story);
        }
    }

    /** Engines die, are stopped, and are told to go down and up, all in foul weather. */
    @ParameterizedTest
    @MethodSource("blocks")
    void enginesComeAndGoInFoulWeather(int block) {
        for (int seed = block * BLOCK; seed < (block + 1) * BLOCK; seed++) {
            int which = seed;
            World.play(seed, world -> {
                Random random = new Random(which);
                world.network().weather(weather(which));
                Pair pair = pair(world, which).start();
                BothWays traffic = BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), Duration.ofMillis(500))
                        .start();
                for (int event = 0; event < 4; event++) {
                    world.runFor(Duration.ofMillis(random.nextInt(8_000)));
                    disturb(random, random.nextBoolean() ? pair.left() : pair.right(), world);
                }
                clearUp(world, pair);
                traffic.stop();
            });
        }
    }

    private static void disturb(Random random, End end, World world) {
        switch (random.nextInt(4)) {
            case 0 -> end.gateway().kill();
            case 1 -> end.gateway().stop(true);
            case 2 -> {
                end.gateway().stop(false);
                world.runUntil(
                        "it has stopped",
                        Duration.ofSeconds(5),
                        () -> !end.gateway().isRunning());
            }
            default -> {
                end.gateway().down("t");
                world.runFor(Duration.ofMillis(random.nextInt(3_000)));
                end.gateway().up("t");
            }
        }
        if (!end.gateway().isRunning()) {
            world.runFor(Duration.ofMillis(random.nextInt(3_000)));
            end.start();
        }
    }
}
