package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.policy.ChildLifetime;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Child SAs that our engine rekeys, with another of our engines as the peer. */
final class OwnRekeyTest {
    private static final ChildLifetime MINUTE = new ChildLifetime(Duration.ofSeconds(60), Duration.ofSeconds(90), 0, 0);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private static Pair up(World world, Tunnels tunnels) {
        Pair pair =
                Pair.of(world, tunnels, Cpus.firstOnes(2), Cpus.firstOnes(2)).start();
        world.runUntil("both sets are whole", Duration.ofSeconds(20), pair::isWhole);
        return pair;
    }

    private static BothWays flood(Pair pair) {
        return BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), PAUSE).start();
    }

    /** Every SA is another than before, of the same kind and CPU, in the same order. */
    private static void expectAllRekeyed(End end, List<ChildStatus> before, int atLeast) {
        List<ChildStatus> after = end.children();
        assertThat(after).hasSameSizeAs(before);
        IntStream.range(0, before.size()).forEach(i -> {
            assertThat(after.get(i).kind()).isEqualTo(before.get(i).kind());
            assertThat(after.get(i).cpu()).isEqualTo(before.get(i).cpu());
            assertThat(after.get(i).suite()).isEqualTo(before.get(i).suite());
            assertThat(after.get(i).inbound()).isNotEqualTo(before.get(i).inbound());
            assertThat(after.get(i).outbound()).isNotEqualTo(before.get(i).outbound());
            assertThat(after.get(i).rekeys()).isGreaterThanOrEqualTo(atLeast);
        });
    }

    @Holds({"7296-2.8-a", "7296-2.8.1-a"})
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void everySaOfASetIsRekeyedBeforeItsTimeAndNoPacketIsLost_rfc7296_2_8(Dialect dialect) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.of(Mode.EAGER, dialect));
            Pair pair = up(world, tunnels.both(draft -> draft.childLifetime(MINUTE)));
            List<ChildStatus> before = pair.left().children();
            BothWays traffic = flood(pair);
            List<Integer> going = new ArrayList<>();
            for (int second = 0; second < 62; second++) {
                world.runFor(Duration.ofSeconds(1));
                going.add((int)
                        pair.left().children().stream().filter(before::contains).count());
            }
            // None goes before nine tenths of its time, nor all at one moment.
            assertThat(going.get(50)).isEqualTo(before.size());
            assertThat(going).containsAnyOf(1, 2).endsWith(0);
            world.runFor(Duration.ofMinutes(5));
            traffic.stop().expectNoLoss().expectOwnSas();
            world.runFor(Duration.ofSeconds(11));
            pair.expectAgreement();
            expectAllRekeyed(pair.left(), before, 5);
        });
    }

    @Test
    void ordinarySaIsRekeyedByItsTimeAndNoPacketIsLost_rfc7296_2_8() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.count(0, Mode.EAGER, Dialect.RFC9611));
            tunnels.left().childLifetime(MINUTE);
            Pair pair = up(world, tunnels);
            List<ChildStatus> before = pair.left().children();
            BothWays traffic = flood(pair);
            for (int minute = 0; minute < 10; minute++) {
                world.runFor(Duration.ofMinutes(1));
            }
            traffic.stop().expectNoLoss();
            List<ChildStatus> last = pair.left().children();
            world.runUntil(
                    "one more",
                    Duration.ofMinutes(1),
                    () -> !pair.left().children().contains(last.get(0)));
            world.runFor(Duration.ofSeconds(12));
            pair.expectAgreement();
            expectAllRekeyed(pair.left(), before, 10);
            assertThat(pair.right().children().get(0).rekeys())
                    .isEqualTo(pair.left().children().get(0).rekeys());
        });
    }

    /** The right end has no lifetime of its own: only what the left one's kernel says makes it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void kernelSaysWhenAnSaHasCarriedEnough_rfc7296_2_8(boolean bytes) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left()
                    .childLifetime(
                            new ChildLifetime(Duration.ZERO, Duration.ZERO, bytes ? 200_000 : 0, bytes ? 0 : 2000));
            Pair pair = up(world, tunnels);
            BothWays traffic = flood(pair);
            List<ChildStatus> before = pair.left().children();
            world.runFor(Duration.ofMinutes(5));
            traffic.stop().expectNoLoss().expectOwnSas();
            world.runFor(Duration.ofSeconds(11));
            pair.expectAgreement();
            assertThat(pair.left().children().get(1).rekeys()).isGreaterThan(3);
            // The fallback carries nothing.
            assertThat(pair.left().children().get(0)).isEqualTo(before.get(0));
            assertThat(pair.left().gateway().hasTold("child-lost")).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void operatorHasAllRekeyedOfEitherEnd(boolean right) {
        World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair()).untilWhole();
            End end = right ? pair.right() : pair.left();
            List<ChildStatus> before = end.children();
            BothWays traffic = flood(pair);
            for (int round = 1; round <= 5; round++) {
                long ticket = end.gateway().rekey("t");
                assertThat(end.gateway().reply(ticket)).hasValueSatisfying(reply -> {
                    assertThat(reply.ok()).isTrue();
                    assertThat(reply.text()).isEqualTo("tunnel t: 3 Child SAs are being rekeyed");
                });
                world.runFor(Duration.ofSeconds(1));
                expectAllRekeyed(end, before, round);
            }
            traffic.stop().expectNoLoss().expectOwnSas();
            world.runFor(Duration.ofSeconds(11));
            pair.expectAgreement();
        });
    }

    /** The peer has not had our answer, and would not know what we speak of. */
    @Test
    void whatThePeerHasNotYetIsNotRekeyed_rfc7296_2_25() {
        World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair());
            List<ChildStatus> before = pair.right().children();
            BothWays traffic = flood(pair);
            int[] lost = {0};
            Wiretap.in(world)
                    .losing(message -> message.isFrom(Tunnels.RIGHT)
                            && message.is(ExchangeType.CREATE_CHILD_SA, true)
                            && lost[0]++ < before.size());
            pair.left().gateway().rekey("t");
            world.runFor(Duration.ofMillis(100));
            pair.right().gateway().rekey("t");
            world.runFor(Duration.ofSeconds(10));
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(pair.left().gateway().hasTold("request-refused")).isFalse();
            world.runFor(Duration.ofSeconds(11));
            pair.expectAgreement();
            expectAllRekeyed(pair.right(), before, 2);
        });
    }

    @Test
    void operatorIsToldWhenThereIsNothingToRekey() {
        World.play(1, world -> {
            End end = new End(world, "end", Cpus.firstOnes(1), Tunnels.pair().right()).start();
            long ticket = end.gateway().rekey("t");
            assertThat(end.gateway().reply(ticket)).hasValueSatisfying(reply -> {
                assertThat(reply.ok()).isFalse();
                assertThat(reply.text()).isEqualTo("tunnel t has no Child SA to rekey");
            });
        });
    }

    /** What was sent on the old SA just before arrives, whichever way it takes. */
    @Test
    void oldInboundHalfTakesWhatIsUnderWayAndThenGoes_rfc7296_2_8() {
        World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair());
            List<ChildStatus> before = pair.left().children();
            pair.left().gateway().rekey("t");
            world.runFor(Duration.ofSeconds(1));
            for (End end : List.of(pair.left(), pair.right())) {
                assertThat(held(end, Direction.OUT)).isEqualTo(before.size());
                assertThat(held(end, Direction.IN)).isEqualTo(2L * before.size());
            }
            world.runFor(Duration.ofSeconds(10));
            pair.expectAgreement();
        });
    }

    private static long held(End end, Direction direction) {
        return end.kernel().sas().stream()
                .map(InstalledSa::direction)
                .flatMap(Optional::stream)
                .filter(direction::equals)
                .count();
    }

    /** Both ends' timers and a bad network: whatever crosses, nothing is left over and each CPU keeps its SA. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void setsAreRekeyedInBadWeather(long seed) {
        World.play(seed, world -> {
            ChildLifetime often = new ChildLifetime(Duration.ofSeconds(30), Duration.ofMinutes(10), 0, 0);
            Pair pair = up(world, Tunnels.pair().both(draft -> draft.childLifetime(often)));
            List<ChildStatus> before = pair.left().children();
            world.network().weather(seed % 2 == 0 ? Weather.FOUL : Weather.GUSTY);
            world.runFor(Duration.ofMinutes(5));
            world.network().weather(Weather.FAIR);
            BothWays traffic = flood(pair);
            world.runFor(Duration.ofSeconds(40));
            traffic.countAnew();
            world.runFor(Duration.ofMinutes(2));
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(pair.left().children()).hasSameSizeAs(before);
        });
    }
}
