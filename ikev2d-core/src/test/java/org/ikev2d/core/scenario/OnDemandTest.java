package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sets that grow as the kernel asks, CPU by CPU. */
final class OnDemandTest {
    private static final CpuId CPU = new CpuId(2);
    private static final Duration LARVAL = Duration.ofSeconds(30);

    private static Tunnels onDemand(Dialect dialect) {
        return Tunnels.pair().queues(Queues.of(Mode.ON_DEMAND, dialect));
    }

    private static Departure send(End from, CpuId cpu) {
        return from.kernel().send(cpu, Packet.udp(Tunnels.host(1), 4000 + cpu.number(), Tunnels.host(2), 7));
    }

    private static Pair established(World world, Tunnels tunnels) {
        Pair pair = Pair.of(world, tunnels).start();
        world.runUntil(
                "the kernels ask",
                Duration.ofSeconds(1),
                () -> pair.left().asksPerCpu() && pair.right().asksPerCpu());
        world.runFor(Duration.ofMillis(100));
        assertThat(pair.left().children()).hasSize(1);
        return pair;
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void nothingIsMadeWithoutTraffic(Dialect dialect) {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(dialect));
            world.runFor(Duration.ofMinutes(1));
            pair.expectAgreement();
            assertThat(pair.left().children()).hasSize(1);
        });
    }

    @Holds({"9611-6-a", "9611-6-b"})
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void cpuThatSendsGetsItsSaAndTheFlagIsClearedMeanwhile(Dialect dialect) {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(dialect));
            assertThat(send(pair.left(), CPU)).isInstanceOf(Departure.Encrypted.class);
            assertThat(pair.left().kernel().acquires()).isEqualTo(1);
            world.runFor(Duration.ZERO);
            assertThat(pair.left().asksPerCpu()).isFalse();
            // The ACQUIRE is open, and this CPU's packets flow all the same.
            assertThat(send(pair.left(), CPU)).isInstanceOf(Departure.Encrypted.class);
            world.runUntil(
                    "the kernel asks again",
                    Duration.ofMillis(30),
                    () -> pair.left().asksPerCpu());
            assertThat(pair.left().covered()).containsExactly(CPU);
            // Its sequence number answered it.
            assertThat(pair.left().kernel().acquires()).isZero();
            Departure departure = send(pair.left(), CPU);
            assertThat(((Departure.Encrypted) departure).packet().stateCpu()).contains(CPU);
            world.runFor(Duration.ofSeconds(2));
            pair.expectAgreement();
        });
    }

    /** Until the flag is off the kernel drops what the CPU sends: keys and messages can wait. */
    @Test
    void theFlagIsTakenOffBeforeAnythingElseIsDoneAboutAnAcquire() {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(Dialect.RFC9611));
            int before = pair.left().kernel().log().size();
            send(pair.left(), CPU);
            world.runFor(Duration.ZERO);
            List<String> done = pair.left().kernel().log();
            assertThat(done.subList(before, done.size()))
                    .hasSize(2)
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .startsWith("UPDPOLICY out")
                                    .doesNotContain("cpu-acquire"),
                            second -> assertThat(second).startsWith("ALLOCSPI"));
        });
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void everyCpuGetsItsSaInTheEndAndNoPacketIsLost(Dialect dialect) {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(dialect));
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(10));
            traffic.stop().expectNoLoss().expectOwnSas();
            pair.expectAgreement();
            assertThat(pair.left().coversAll() && pair.right().coversAll()).isTrue();
            assertThat(pair.left().asksPerCpu() || pair.right().asksPerCpu()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void trafficFromOneEndOnlyLosesNothing(Dialect dialect) {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(dialect));
            for (CpuId cpu : pair.left().gateway().cpus().online()) {
                for (int i = 0; i < 20; i++) {
                    assertThat(send(pair.left(), cpu)).isInstanceOf(Departure.Encrypted.class);
                    world.runFor(Duration.ofMillis(5));
                }
            }
            assertThat(pair.left().coversAll()).isTrue();
            world.runFor(Duration.ofSeconds(2));
            pair.expectAgreement();
        });
    }

    @Test
    void severalAcquiresAtOnceAreAllAnswered() {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(Dialect.RFC9611));
            for (CpuId cpu : pair.left().gateway().cpus().online()) {
                Packet packet = Packet.udp(Tunnels.host(1), 4000 + cpu.number(), Tunnels.host(2), 7);
                pair.left()
                        .gateway()
                        .hear(new KernelEvent.Acquire(
                                100 + cpu.number(), ReqId.ofTunnel(1), Optional.of(cpu), packet.selector()));
            }
            assertThat(pair.left().asksPerCpu()).isFalse();
            world.runFor(Duration.ofMillis(75));
            assertThat(pair.left().asksPerCpu()).isFalse();
            world.runFor(Duration.ofMillis(10));
            assertThat(pair.left().coversAll()).isTrue();
            world.runFor(Duration.ofSeconds(2));
            pair.expectAgreement();
        });
    }

    @Test
    void sameAcquireTwiceMakesOneSa() {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(Dialect.RFC9611));
            Packet packet = Packet.udp(Tunnels.host(1), 4000, Tunnels.host(2), 7);
            for (int i = 0; i < 2; i++) {
                pair.left()
                        .gateway()
                        .hear(new KernelEvent.Acquire(7, ReqId.ofTunnel(1), Optional.of(CPU), packet.selector()));
            }
            world.runFor(Duration.ofSeconds(2));
            assertThat(pair.left().perCpu()).isEqualTo(1);
            pair.expectAgreement();
        });
    }

    @Test
    void refusalKeepsTheFlagClearedForAPauseAndThenItIsSetAgain() {
        World.play(1, world -> {
            Tunnels tunnels = onDemand(Dialect.RFC9611);
            tunnels.right().queues(Queues.of(OptionalInt.empty(), Mode.ON_DEMAND, Dialect.RFC9611, OptionalInt.of(1)));
            Pair pair = established(world, tunnels);
            send(pair.left(), new CpuId(0));
            world.runFor(Duration.ofSeconds(2));
            assertThat(pair.left().perCpu()).isEqualTo(1);
            assertThat(pair.left().asksPerCpu()).isTrue();
            send(pair.left(), CPU);
            world.runFor(Duration.ofMillis(100));
            assertThat(pair.left().status().note()).contains("TS_MAX_QUEUE");
            for (int second = 0; second < 29; second++) {
                assertThat(pair.left().asksPerCpu()).isFalse();
                for (CpuId cpu : pair.left().gateway().cpus().online()) {
                    assertThat(send(pair.left(), cpu)).isInstanceOf(Departure.Encrypted.class);
                }
                world.runFor(Duration.ofSeconds(1));
            }
            world.runFor(Duration.ofSeconds(2));
            assertThat(pair.left().asksPerCpu()).isTrue();
            assertThat(send(pair.left(), CPU)).isInstanceOf(Departure.Encrypted.class);
            world.runFor(Duration.ofMillis(100));
            assertThat(send(pair.left(), CPU)).isInstanceOf(Departure.Encrypted.class);
        });
    }

    /** The kernel asked, and nobody heard: its CPU is cut off until the flag is cleared. */
    @Test
    void lostAcquireLeavesNoCpuCutOff() {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(Dialect.RFC9611));
            send(pair.left(), CPU);
            assertThat(send(pair.left(), CPU)).isInstanceOf(Departure.Dropped.class);
            pair.left().kernel().loseEvents();
            world.runFor(Duration.ZERO);
            assertThat(pair.left().gateway().hasTold("kernel-overrun")).isTrue();
            assertThat(send(pair.left(), CPU)).isInstanceOf(Departure.Encrypted.class);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(LARVAL.plusSeconds(10));
            traffic.stop().expectNoLoss();
            assertThat(pair.left().coversAll() && pair.right().coversAll()).isTrue();
            pair.expectAgreement();
        });
    }

    @Test
    void onlySomeCpusAreWantedAndTheOthersAreNotCutOff() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.count(2, Mode.ON_DEMAND, Dialect.RFC9611));
            Pair pair = established(world, tunnels);
            List<CpuId> lastFirst =
                    IntStream.of(3, 2, 1, 0).mapToObj(CpuId::new).toList();
            for (int round = 0; round < 50; round++) {
                for (CpuId cpu : lastFirst) {
                    assertThat(send(pair.left(), cpu)).as("CPU " + cpu).isInstanceOf(Departure.Encrypted.class);
                    world.runFor(Duration.ofMillis(7));
                }
            }
            assertThat(pair.left().perCpu()).isEqualTo(2);
        });
    }

    @Test
    void acquiresAreNotMadeWhileThereIsNoTunnel() {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(Dialect.RFC9611));
            pair.left().gateway().down("t");
            world.runFor(Duration.ofSeconds(1));
            assertThat(pair.left().asksPerCpu() || pair.right().asksPerCpu()).isFalse();
        });
    }

    @Test
    void tunnelThatThePeerTookDownAsksAgainWhenItIsUpAgain() {
        World.play(1, world -> {
            Pair pair = established(world, onDemand(Dialect.RFC9611));
            BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(2));
            pair.right().gateway().down("t");
            world.runFor(Duration.ofSeconds(1));
            pair.expectNothingUp();
            pair.right().gateway().up("t");
            world.runFor(Duration.ofSeconds(3));
            pair.expectAgreement();
            assertThat(pair.left().coversAll() && pair.right().coversAll()).isTrue();
        });
    }
}
