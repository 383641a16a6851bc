package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.engine.TunnelStatus.Former;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.IkeLifetime;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.Traffic;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tunnel has carried since it came up, whichever SAs there were meanwhile: as a status adds it up. */
final class TotalsTest {
    private static final int CPUS = 2;
    private static final Duration GRACE_OVER = Duration.ofSeconds(12);

    /** Both ways, from {@link #CPUS} CPUs each. */
    private record Scene(World world, Pair pair, Traffic there, Traffic back) {
        static Scene of(World world, Pair pair) {
            world.runUntil("both sets are whole", Duration.ofSeconds(20), pair::isWhole);
            return new Scene(
                    world,
                    pair,
                    traffic(world, pair.left(), Tunnels.host(1), Tunnels.host(2)),
                    traffic(world, pair.right(), Tunnels.host(2), Tunnels.host(1)));
        }

        private static Traffic traffic(World world, End from, IpAddress source, IpAddress destination) {
            return new Traffic(world, from.gateway(), source, destination, Duration.ofMillis(20));
        }

        Scene flow() {
            there.start();
            back.start();
            return this;
        }

        Scene flowFor(Duration duration) {
            flow();
            world.runFor(duration);
            return rest();
        }

        /** Nothing is under way any more. */
        Scene rest() {
            there.stop();
            back.stop();
            world.runFor(Duration.ofSeconds(1));
            return this;
        }

        /** Both ends' status comes to all that was sent, in all and for each CPU. */
        Scene expectAllCounted() {
            assertThat(there.losses()).isEmpty();
            assertThat(back.losses()).isEmpty();
            expect(pair.left(), there.sent(), back.sent());
            expect(pair.right(), back.sent(), there.sent());
            return this;
        }

        private static void expect(End end, int out, int in) {
            assertThat(out).isPositive();
            assertThat(sent(end, cpu -> true).packets()).isEqualTo(out);
            assertThat(received(end, cpu -> true).packets()).isEqualTo(in);
            assertThat(sent(end, cpu -> true).bytes()).isEqualTo(100L * out);
            assertThat(received(end, cpu -> true).bytes()).isEqualTo(100L * in);
        }

        /** Each CPU has sent, and received, its part; the fallback has carried some while a set came up. */
        Scene expectEvenlySpread() {
            long part = there.sent() / CPUS;
            for (int number = 0; number < CPUS; number++) {
                Optional<CpuId> cpu = Optional.of(new CpuId(number));
                for (End end : List.of(pair.left(), pair.right())) {
                    assertThat(sent(end, cpu::equals).packets()).isBetween(part * 19 / 20, part);
                    assertThat(received(end, cpu::equals).packets()).isBetween(part * 19 / 20, part);
                }
            }
            return this;
        }
    }

    private static SaUsage sent(End end, Predicate<Optional<CpuId>> cpus) {
        return end.children().stream()
                .filter(child -> cpus.test(child.cpu()))
                .map(child -> end.kernel().counted(child.outbound()))
                .reduce(former(end, cpus, false), SaUsage::plus);
    }

    private static SaUsage received(End end, Predicate<Optional<CpuId>> cpus) {
        return end.children().stream()
                .filter(child -> cpus.test(child.cpu()))
                .map(child -> end.kernel().counted(child.inbound()))
                .reduce(former(end, cpus, true), SaUsage::plus);
    }

    private static SaUsage former(End end, Predicate<Optional<CpuId>> cpus, boolean inbound) {
        SaUsage sum = SaUsage.NONE;
        for (Former former : end.status().former()) {
            Former.Half half = inbound ? former.in() : former.out();
            if (cpus.test(former.cpu())) {
                sum = sum.plus(half.gone());
                for (SaId state : half.states()) {
                    sum = sum.plus(end.kernel().counted(state));
                }
            }
        }
        return sum;
    }

    private static Scene up(World world, Tunnels tunnels) {
        Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(CPUS), Cpus.firstOnes(CPUS));
        return Scene.of(world, pair.start());
    }

    /** At the end that asks, an old SA's outbound half goes first; at the other, both when the peer deletes it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goOnAcrossRekeysInMidTraffic(boolean right) {
        World.play(1, world -> {
            Scene scene = up(world, Tunnels.pair()).flow();
            End end = right ? scene.pair().right() : scene.pair().left();
            for (int round = 0; round < 4; round++) {
                end.gateway().rekey("t");
                world.runFor(Duration.ofSeconds(7));
            }
            // The last old ones are in their time of grace, then they are not.
            scene.rest().expectAllCounted().expectEvenlySpread();
            world.runFor(GRACE_OVER);
            scene.pair().expectAgreement();
            scene.expectAllCounted().expectEvenlySpread();
            assertThat(scene.pair().left().children())
                    .extracting(ChildStatus::rekeys)
                    .containsOnly(4);
        });
    }

    @Test
    void keepWhatSasHaveCarriedThatWentWithoutASuccessor() {
        World.play(2, world -> {
            Tunnels tunnels =
                    Tunnels.pair().queues(Queues.idle(Duration.ofMinutes(1), Mode.ON_DEMAND, Dialect.RFC9611));
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(CPUS), Cpus.firstOnes(CPUS))
                    .start();
            world.runUntil(
                    "up",
                    Duration.ofSeconds(1),
                    () -> pair.left().isUp() && pair.right().isUp());
            Scene scene = new Scene(
                    world,
                    pair,
                    Scene.traffic(world, pair.left(), Tunnels.host(1), Tunnels.host(2)),
                    Scene.traffic(world, pair.right(), Tunnels.host(2), Tunnels.host(1)));
            scene.flowFor(Duration.ofSeconds(10)).expectAllCounted();
            world.runFor(Duration.ofMinutes(2));
            assertThat(pair.left().perCpu()).isZero();
            scene.expectAllCounted();
            scene.flowFor(Duration.ofSeconds(10)).expectAllCounted();
            assertThat(pair.left().perCpu()).isEqualTo(CPUS);
        });
    }

    @Test
    void goOnWhenAnotherIkeSaTakesThePlaceOfOneAtTheEndOfItsLifetime() {
        World.play(3, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().ikeLifetime(new IkeLifetime(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1)));
            Scene scene = up(world, tunnels);
            List<ChildStatus> before = scene.pair().left().children();
            scene.flowFor(Duration.ofSeconds(90)).expectAllCounted().expectEvenlySpread();
            world.runFor(GRACE_OVER);
            scene.expectAllCounted().expectEvenlySpread();
            assertThat(scene.pair().left().children()).doesNotContainAnyElementsOf(before);
        });
    }

    @Test
    void beginAnewWhenTheTunnelWasDown() {
        World.play(4, world -> {
            Scene scene = up(world, Tunnels.pair()).flowFor(Duration.ofSeconds(2));
            scene.pair().left().gateway().rekey("t");
            scene.flowFor(Duration.ofSeconds(2)).expectAllCounted();
            scene.pair().left().gateway().down("t");
            world.runFor(Duration.ofSeconds(2));
            assertThat(scene.pair().left().status().former()).isEmpty();
            assertThat(scene.pair().right().status().former()).isEmpty();
            scene.pair().left().gateway().up("t");
            world.runFor(Duration.ofSeconds(20));
            scene.there().countAnew();
            scene.back().countAnew();
            scene.flowFor(Duration.ofSeconds(2)).expectAllCounted().expectEvenlySpread();
        });
    }

    /** The states of a peer that is elsewhere count on, and the twins under their old names do not count again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countNothingTwiceWhenThePeerMoves(boolean otherAddress) {
        World.play(5, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().liveness(Duration.ZERO);
            Natted natted = Natted.in(world, tunnels);
            Scene scene = Scene.of(world, natted.pair().start()).flowFor(Duration.ofSeconds(2));
            scene.expectAllCounted();
            if (otherAddress) {
                natted.nat().moveTo(IpAddress.parse("203.0.113.10"));
            } else {
                natted.nat().forget();
            }
            // The left end asks whether the right one lives.
            world.runFor(Duration.ofMinutes(2));
            assertThat(natted.pair().right().gateway().hasTold("peer-moved")).isTrue();
            scene.expectAllCounted();
            scene.flowFor(Duration.ofSeconds(2)).expectAllCounted();
        });
    }

    /** An old SA goes all the same; what it has carried is known to nobody. */
    @Test
    void lackWhatTheKernelDoesNotSay() {
        World.play(6, world -> {
            Scene scene = up(world, Tunnels.pair()).flowFor(Duration.ofSeconds(2));
            End left = scene.pair().left();
            long sent = sent(left, cpu -> true).packets();
            // The fallback's, which has carried nothing; then that of a CPU.
            left.kernel().faults().failAt("GETSA", 2, FakeKernel.ENOMEM);
            left.gateway().rekey("t");
            world.runFor(GRACE_OVER);
            scene.pair().expectAgreement();
            assertThat(left.kernel().faults().allHappened()).isTrue();
            assertThat(sent(left, cpu -> true).packets()).isEqualTo(sent / CPUS);
        });
    }
}
