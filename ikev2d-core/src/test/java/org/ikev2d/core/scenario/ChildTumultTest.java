package org.ikev2d.core.scenario;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends rekey and delete Child SAs whenever they like, while every CPU of both sends. */
final class ChildTumultTest {
    /** Everything arrives, but messages and packets overtake each other. */
    private static final Weather RESTLESS =
            new Weather(Duration.ofMillis(20), Duration.ofMillis(40), 0, 0.1, 0.1, 0, 0);

    private static final Duration LONG = Duration.ofMinutes(1);

    /** Loses messages, but each of them only once. */
    private static final class Losing implements UnaryOperator<List<Parcel>> {
        private final Random random;
        private final Map<Bytes, Integer> sendings = new HashMap<>();

        Losing(Random random) {
            this.random = random;
        }

        @Override
        public List<Parcel> apply(List<Parcel> parcels) {
            Bytes octets = ((Parcel.Cargo.Ike) parcels.get(0).cargo()).octets();
            boolean first = sendings.merge(octets, 1, Integer::sum) == 1;
            return first && random.nextInt(4) == 0 ? List.of() : parcels;
        }
    }

    private static void wishes(World world, Pair pair, Random random, boolean delete) {
        world.after(Duration.ofMillis(random.nextInt(1500)), () -> {
            if (world.clock().age().compareTo(LONG) < 0) {
                wish(random.nextBoolean() ? pair.left() : pair.right(), random, delete);
                wishes(world, pair, random, delete);
            }
        });
    }

    private static void wish(End end, Random random, boolean delete) {
        Optional<CpuId> perCpu = Optional.of(new CpuId(random.nextInt(2)));
        int which = random.nextInt(4);
        if (which == 0 && delete) {
            Collision.delete(end, perCpu);
        } else {
            Collision.rekey(end, which == 1 ? Optional.empty() : perCpu);
        }
    }

    /** A new SA that nobody uses is sent on after a second: for that no answer about it may be lost for longer. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void setsAreTheSameInTheEndAndNothingIsLostWhateverIsRekeyedOrDeleted(long seed) {
        World.play(seed, world -> play(world, UnaryOperator.identity(), true));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void setsAreTheSameInTheEndAndNothingIsLostWhateverIsRekeyedAndWhicheverMessagesAreLost(long seed) {
        World.play(seed, world -> play(world, new Losing(new Random(seed)), false));
    }

    private static void play(World world, UnaryOperator<List<Parcel>> censor, boolean delete) {
        Random random = new Random(world.seed());
        Pair pair = Pair.of(world, Tunnels.pair(), Cpus.firstOnes(2), Cpus.firstOnes(2))
                .tune(Tuning.windowSize(world.seed() % 2 == 0 ? 1 : 16))
                .start()
                .untilWhole();
        world.network().weather(RESTLESS);
        world.network().censor(censor);
        BothWays traffic = BothWays.of(pair).start();
        wishes(world, pair, random, delete);
        while (world.clock().age().compareTo(LONG.plusSeconds(30)) < 0) {
            world.runFor(Duration.ofSeconds(1));
            traffic.expectNoLoss();
        }
        traffic.stop().expectNoLoss();
        world.network().weather(Weather.FAIR);
        pair.untilSettled();
        traffic.once();
    }
}
