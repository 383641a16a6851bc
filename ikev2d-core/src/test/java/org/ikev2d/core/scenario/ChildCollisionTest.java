package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wishes of both ends about Child SAs that cross, while every CPU of both sends: both have the same set in the end, and no
 * packet is lost, whatever message is.
 */
final class ChildCollisionTest {
    private static final int[] WINDOWS = {1, 16};

    private static final int CROSSING = 5;

    /** A message takes 10 ms: 0 and 5 cross, and then ever more of the first exchange is over. */
    private static final int[] DELAYS = {0, CROSSING, 15, 25, 35, 45};

    private static final long LEFT_WINS = 1;
    private static final long RIGHT_WINS = 2;

    private record Case(Collision collision, Optional<CpuId> subject, int window, boolean leftFirst) {
        @Override
        public String toString() {
            String about = subject.map(cpu -> "the SA of CPU " + cpu).orElse("the fallback");
            return collision + " about " + about + ", window " + window + ", " + (leftFirst ? "left" : "right")
                    + " first";
        }

        Pair up(World world) {
            Tunnels tunnels = Tunnels.pair().queues(Queues.limit(collision.limit(), Mode.EAGER, Dialect.RFC9611));
            return Pair.of(world, tunnels, collision.cpus(), collision.cpus())
                    .tune(Tuning.windowSize(window))
                    .start()
                    .untilWhole();
        }

        /**
         * @param delay of the second wish after the first, in milliseconds
         * @return how many messages there were
         */
        int play(long seed, int delay, LosesOne loss) {
            World.play(seed, world -> {
                Pair pair = up(world);
                BothWays traffic = BothWays.of(pair).start();
                world.runFor(Duration.ofMillis(200));
                world.network().censor(loss);
                collision.prepare(pair.left());
                collision.prepare(pair.right());
                collision.begin(leftFirst ? pair.left() : pair.right(), subject);
                world.after(
                        Duration.ofMillis(delay),
                        () -> collision.follow(leftFirst ? pair.right() : pair.left(), subject));
                world.runFor(Duration.ofSeconds(12));
                traffic.stop().expectNoLoss();
                pair.untilSettled();
                expectOneForEach(pair.left());
                expectOneForEach(pair.right());
                traffic.once();
            });
            return loss.messages();
        }

        /** Plays it with each message lost in its turn. */
        void playWithLosses(long seed, int times) {
            int messages = play(seed, CROSSING, new LosesOne(0, 0));
            for (int nth = 1; nth <= messages; nth++) {
                play(seed, CROSSING, new LosesOne(nth, times));
            }
        }

        /** Of two rekeys that cross, by the nonces either end's may be the one that counts. */
        List<Long> seeds() {
            return collision == Collision.REKEY_AGAINST_REKEY ? List.of(LEFT_WINS, RIGHT_WINS) : List.of(1L);
        }

        private void expectOneForEach(End end) {
            assertThat(end.covered()).hasSize(collision.limit());
            assertThat(end.perCpu()).isEqualTo(collision.limit());
            assertThat(end.children())
                    .filteredOn(child -> child.kind() == ChildKind.FALLBACK)
                    .hasSize(1);
        }
    }

    static Stream<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (Collision collision : Collision.values()) {
            for (Optional<CpuId> subject : collision.subjects()) {
                for (int window : WINDOWS) {
                    all.add(Arguments.of(new Case(collision, subject, window, true)));
                    all.add(Arguments.of(new Case(collision, subject, window, false)));
                }
            }
        }
        return all.stream();
    }

    static Stream<Arguments> rekeys() {
        return cases().filter(one -> ((Case) one.get()[0]).collision().isAboutRekeysAlone());
    }

    @Holds("7296-2.8.1-b")
    @ParameterizedTest
    @MethodSource("cases")
    void bothHaveTheSameSetInTheEndAndNothingIsLost_rfc7296_2_8_1(Case one) {
        for (int delay : DELAYS) {
            one.play(delay + 1, delay, new LosesOne(0, 0));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void soTheyHaveWhateverMessageIsLost_rfc7296_2_8_1_rfc7296_2_25_1(Case one) {
        one.seeds().forEach(seed -> one.playWithLosses(seed, 1));
    }

    /** The old SA goes on for as long as it takes. */
    @ParameterizedTest
    @MethodSource("rekeys")
    void rekeysWaitForEachOther_rfc7296_2_8(Case one) {
        one.seeds().forEach(seed -> one.playWithLosses(seed, 3));
    }

    /** So the losses above meet both outcomes. */
    @ParameterizedTest
    @ValueSource(longs = {LEFT_WINS, RIGHT_WINS})
    void eitherEndsSaMayBeTheOneThatIsKept(long seed) {
        World.play(seed, world -> {
            Optional<CpuId> cpu = Optional.of(new CpuId(1));
            Case one = new Case(Collision.REKEY_AGAINST_REKEY, cpu, 16, true);
            Pair pair = one.up(world);
            one.collision().begin(pair.left(), cpu);
            String asked = lastReserved(pair.left());
            one.collision().follow(pair.right(), cpu);
            pair.untilSettled();
            assertThat(pair.left().children())
                    .filteredOn(child -> asked.contains(child.inbound().spi().toString()))
                    .hasSize(seed == LEFT_WINS ? 1 : 0);
        });
    }

    private static String lastReserved(End end) {
        return end.kernel().log().stream()
                .filter(operation -> operation.startsWith("ALLOCSPI"))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }
}
