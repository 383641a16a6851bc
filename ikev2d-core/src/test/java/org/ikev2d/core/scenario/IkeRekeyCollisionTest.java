package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.world.Choices;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends rekey the IKE SA at once (RFC 7296 §2.8.2): one is kept, the same at both ends, with all Child SAs. */
final class IkeRekeyCollisionTest {
    private static final Set<String> FAULTS = Set.of("peer-silent", "peer-deleted", "peer-misbehaved", "ike-rekey");

    private record Scene(World world, Pair pair, List<ChildStatus> children) {
        static Scene up(World world, int window) {
            Pair pair = Pair.of(world, Tunnels.pair(), Cpus.firstOnes(2), Cpus.firstOnes(2))
                    .tune(Tuning.windowSize(window))
                    .start()
                    .untilWhole();
            return new Scene(world, pair, pair.left().children());
        }

        Scene bothRekey() {
            pair.left().gateway().rekeyIke("t");
            pair.right().gateway().rekeyIke("t");
            return this;
        }

        long rekeyed(End end) {
            return end.gateway().told().stream()
                    .filter(event -> event.code().equals("ike-rekeyed"))
                    .count();
        }

        /** Each end has moved once; the Child SAs are those of before; nobody speaks of other IKE SAs than one. */
        void expectOneLeft() {
            world.runFor(Duration.ofMinutes(4));
            Wiretap wiretap = Wiretap.in(world);
            world.runFor(Duration.ofMinutes(2));
            Set<List<IkeSpi>> spoken = new HashSet<>();
            wiretap.all()
                    .forEach(message -> spoken.add(List.of(
                            message.header().initiatorSpi(), message.header().responderSpi())));
            assertThat(spoken).hasSize(1);
            assertThat(wiretap.from(Tunnels.LEFT)).isNotEmpty();
            assertThat(wiretap.from(Tunnels.RIGHT)).isNotEmpty();
            assertThat(pair.left().children()).isEqualTo(children);
            pair.expectAgreement();
            assertThat(pair.left().status().role())
                    .isNotEqualTo(pair.right().status().role());
            Stream.of(pair.left(), pair.right()).forEach(end -> {
                assertThat(rekeyed(end)).isEqualTo(1);
                assertThat(end.lastError()).isEmpty();
                assertThat(end.gateway().told()).noneMatch(event -> FAULTS.contains(event.code()));
            });
        }
    }

    /** Every order in which the messages can arrive, as far as the first eight choices go. */
    @Holds({
        "7296-2.8.2-a",
        "7296-2.8.2-b",
        "7296-2.8.2-c",
        "7296-2.25.2-a",
        "7296-2.25.2-b",
        "7296-2.25.2-c",
        "7296-2.25.2-d"
    })
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 16", "4, 16"})
    void oneIsKeptInEveryOrderOfArrival_rfc7296_2_8_2(long seed, int window) {
        AtomicInteger crossings = new AtomicInteger();
        int runs = Choices.each(8, choices -> {
            String story = World.play(seed, world -> {
                Scene scene = Scene.up(world, window);
                world.choosing(choices);
                scene.bothRekey().expectOneLeft();
            });
            crossings.addAndGet(story.contains("TEMPORARY_FAILURE") ? 0 : 1);
        });
        assertThat(runs).isGreaterThan(20);
        assertThat(crossings.get()).isBetween(1, runs);
    }

    /** One message of each end is lost, whichever; traffic from every CPU flows all the time. */
    @Holds({"7296-2.8.2-b", "7296-2.25.2-d"})
    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void oneIsKeptWhateverMessageOfEitherEndIsLost_rfc7296_2_8_2(int window) {
        for (int left = 0; left <= 5; left++) {
            for (int right = 0; right <= 5; right++) {
                int lostOfLeft = left;
                int lostOfRight = right;
                World.play(left * 6 + right + 1, world -> {
                    Scene scene = Scene.up(world, window);
                    BothWays traffic = BothWays.of(scene.pair()).start();
                    world.network().censor(new Loss(lostOfLeft, lostOfRight));
                    scene.bothRekey();
                    world.runFor(Duration.ofSeconds(40));
                    traffic.stop().expectNoLoss().expectOwnSas();
                    scene.expectOneLeft();
                });
            }
        }
    }

    /** From together to one well after the other. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 16"})
    void oneIsKeptHoweverMuchLaterTheOtherBegins_rfc7296_2_8_2(long seed, int window) {
        for (int delay = 0; delay <= 30; delay++) {
            int millis = delay;
            World.play(seed, world -> {
                Scene scene = Scene.up(world, window);
                BothWays traffic = BothWays.of(scene.pair()).start();
                scene.pair().left().gateway().rekeyIke("t");
                world.runFor(Duration.ofMillis(millis));
                scene.pair().right().gateway().rekeyIke("t");
                world.runFor(Duration.ofSeconds(2));
                traffic.stop().expectNoLoss().expectOwnSas();
                assertThat(scene.rekeyed(scene.pair().left()))
                        .isEqualTo(scene.rekeyed(scene.pair().right()));
            });
        }
    }

    /** An operator takes the tunnel down, at the end that rekeys or at the other, at any time, whatever message is lost. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void nothingIsLeftOfAnIkeSaThatEndsWhileItIsRekeyed_rfc7296_2_25_2(boolean leftRekeys, boolean leftEnds) {
        for (int delay = 0; delay <= 40; delay += 5) {
            int messages = ended(delay, leftRekeys, leftEnds, new LosesOne(0, 0));
            for (int nth = 1; nth <= messages; nth++) {
                ended(delay, leftRekeys, leftEnds, new LosesOne(nth, 1));
            }
        }
    }

    /** @return how many messages there were */
    private static int ended(int delay, boolean leftRekeys, boolean leftEnds, LosesOne loss) {
        World.play(delay + 1, world -> {
            Pair pair = Scene.up(world, 16).pair();
            world.network().censor(loss);
            (leftRekeys ? pair.left() : pair.right()).gateway().rekeyIke("t");
            world.runFor(Duration.ofMillis(delay));
            (leftEnds ? pair.left() : pair.right()).gateway().down("t");
            world.runFor(Duration.ofSeconds(10));
            pair.expectNothingUp();
        });
        return loss.messages();
    }

    /** Each end rekeys the IKE SA and all Child SAs, at any time after the other. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 16"})
    void rekeysOfBothKindsFromBothEndsLeaveAsManySasAsThereWere_rfc7296_2_25_2(long seed, int window) {
        for (int delay = 0; delay <= 80; delay += 5) {
            int millis = delay;
            World.play(seed, world -> {
                Scene scene = Scene.up(world, window);
                BothWays traffic = BothWays.of(scene.pair()).start();
                scene.pair().left().gateway().rekey("t");
                scene.pair().left().gateway().rekeyIke("t");
                world.runFor(Duration.ofMillis(millis));
                scene.pair().right().gateway().rekeyIke("t");
                scene.pair().right().gateway().rekey("t");
                world.runFor(Duration.ofSeconds(60));
                traffic.stop().expectNoLoss().expectOwnSas();
                scene.pair().expectAgreement();
                assertThat(scene.pair().left().children())
                        .hasSameSizeAs(scene.children())
                        .doesNotContainAnyElementsOf(scene.children());
                assertThat(scene.pair().left().gateway().told().stream()
                                .filter(event -> event.code().equals("ike-up")))
                        .hasSize(1);
            });
        }
    }
}
