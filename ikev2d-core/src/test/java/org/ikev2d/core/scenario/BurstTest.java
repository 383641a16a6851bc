package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many CPUs that the kernel asks for at once. */
final class BurstTest {
    private static final int CPUS = 256;

    private static Pair asking(World world, Tunnels tunnels, int cpus) {
        Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(cpus), Cpus.firstOnes(cpus))
                .start();
        world.runUntil(
                "the kernels ask",
                Duration.ofSeconds(1),
                () -> pair.left().asksPerCpu() && pair.right().asksPerCpu());
        return pair;
    }

    private static Packet packet(CpuId cpu, int from, int to) {
        return Packet.udp(Tunnels.host(from), 4000 + cpu.number(), Tunnels.host(to), 7);
    }

    /** CPUs that send in the same moment are each asked for before the daemon has heard of one. */
    private static void askForAll(End end, int net, int other, int sequence) {
        for (CpuId cpu : end.gateway().cpus().online()) {
            end.gateway()
                    .hear(new KernelEvent.Acquire(
                            sequence + cpu.number(),
                            ReqId.ofTunnel(1),
                            Optional.of(cpu),
                            packet(cpu, net, other).selector()));
        }
    }

    private static Stream<Wiretap.Heard> requests(Wiretap wiretap) {
        return wiretap.all().stream().filter(message -> message.is(ExchangeType.CREATE_CHILD_SA, false));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void burstLeadsToOneRequestForEachCpu_rfc9611_6(Dialect dialect) {
        World.play(1, world -> {
            Pair pair = asking(world, Tunnels.pair().queues(Queues.of(Mode.ON_DEMAND, dialect)), CPUS);
            Wiretap wiretap = Wiretap.in(world);
            askForAll(pair.left(), 1, 2, 1000);
            world.runUntil(
                    "every CPU has its SA",
                    Duration.ofSeconds(1),
                    () -> pair.left().coversAll());
            assertThat(requests(wiretap)).hasSize(CPUS);
            assertThat(pair.left().perCpu()).isEqualTo(CPUS);
            world.runFor(Duration.ofSeconds(2));
            pair.expectAgreement();
            assertThat(requests(wiretap)).hasSize(CPUS);
        });
    }

    /** The kernel asks for one CPU at a time, and the others go on over the fallback meanwhile. */
    @Test
    void kernelsQuestionsOneAfterTheOtherLeadToAllInTheEnd() {
        World.play(1, world -> {
            Pair pair = asking(world, Tunnels.pair().queues(Queues.of(Mode.ON_DEMAND, Dialect.RFC9611)), CPUS);
            Wiretap wiretap = Wiretap.in(world);
            for (int round = 0; round < 2 * CPUS && !pair.left().coversAll(); round++) {
                for (CpuId cpu : pair.left().gateway().cpus().online()) {
                    assertThat(pair.left().kernel().send(cpu, packet(cpu, 1, 2)))
                            .isInstanceOf(Departure.Encrypted.class);
                    world.runFor(Duration.ZERO);
                }
                world.runFor(Duration.ofMillis(25));
            }
            assertThat(pair.left().coversAll()).isTrue();
            assertThat(requests(wiretap)).hasSize(CPUS);
            world.runFor(Duration.ofSeconds(2));
            pair.expectAgreement();
        });
    }

    /** The same questions again and again are one; the kernel is told once to be quiet, and once for each SA. */
    @Test
    void questionsThatAreAskedAlreadyChangeNothing() {
        World.play(1, world -> {
            Pair pair = asking(world, Tunnels.pair().queues(Queues.of(Mode.ON_DEMAND, Dialect.RFC9611)), 64);
            Wiretap wiretap = Wiretap.in(world);
            int before = policies(pair.left()).size();
            for (int time = 0; time < 20; time++) {
                askForAll(pair.left(), 1, 2, 1000 * time);
            }
            assertThat(policies(pair.left())).hasSize(before + 1);
            world.runFor(Duration.ofSeconds(5));
            assertThat(requests(wiretap)).hasSize(64);
            assertThat(policies(pair.left())).hasSize(before + 1 + 64);
            pair.expectAgreement();
        });
    }

    private static List<String> policies(End end) {
        return end.kernel().log().stream()
                .filter(operation -> operation.startsWith("UPDPOLICY out"))
                .toList();
    }

    /** A peer that takes eight: the rest is not even asked for, but for what is under way, and not again for a while. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void refusalOfOneEndsTheBurst(int window) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.of(Mode.ON_DEMAND, Dialect.RFC9611));
            tunnels.right().queues(Queues.limit(8, Mode.ON_DEMAND, Dialect.RFC9611));
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(CPUS), Cpus.firstOnes(CPUS))
                    .tune(Tuning.windowSize(window))
                    .start();
            world.runUntil("left asks", Duration.ofSeconds(1), () -> pair.left().asksPerCpu());
            Wiretap wiretap = Wiretap.in(world);
            askForAll(pair.left(), 1, 2, 1000);
            world.runFor(Duration.ofSeconds(20));
            assertThat(requests(wiretap)).hasSizeBetween(8 + 1, 8 + window);
            assertThat(pair.left().perCpu()).isEqualTo(8);
            assertThat(pair.left().status().note()).contains("TS_MAX_QUEUE");
            assertThat(pair.left().gateway().told())
                    .filteredOn(event -> event.code().equals("set-refused"))
                    .hasSize(1);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(1));
            traffic.stop().expectNoLoss();
            pair.expectAgreement();
        });
    }

    /** Both ends have a burst at once, and room for one SA for each CPU: the IKE SA's initiator has the last places. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    void bothEndsAskForTheLastPlacesAtOnce(int window) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair()
                    .queues(Queues.of(OptionalInt.empty(), Mode.ON_DEMAND, Dialect.RFC9611, OptionalInt.of(24)));
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(24), Cpus.firstOnes(24))
                    .tune(Tuning.windowSize(window))
                    .start();
            world.runUntil(
                    "the kernels ask",
                    Duration.ofSeconds(1),
                    () -> pair.left().asksPerCpu() && pair.right().asksPerCpu());
            askForAll(pair.left(), 1, 2, 1000);
            askForAll(pair.right(), 2, 1, 1000);
            BothWays traffic = BothWays.of(pair);
            world.runFor(Duration.ofSeconds(10));
            assertThat(pair.left().perCpu()).isLessThanOrEqualTo(24);
            traffic.start();
            world.runFor(Duration.ofSeconds(80));
            traffic.stop().expectNoLoss();
            pair.expectAgreement();
            assertThat(pair.left().perCpu()).isEqualTo(24);
        });
    }

    /** Each end asks for its first CPU; neither puts what the other asks for there, too. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void peersSaGoesToAnotherCpuThanTheOneThatIsAskedFor_rfc9611_6(Dialect dialect) {
        World.play(1, world -> {
            Pair pair = asking(world, Tunnels.pair().queues(Queues.of(Mode.ON_DEMAND, dialect)), 2);
            CpuId first = new CpuId(0);
            pair.left().kernel().send(first, packet(first, 1, 2));
            pair.right().kernel().send(first, packet(first, 2, 1));
            world.runFor(Duration.ofSeconds(2));
            pair.expectAgreement();
            assertThat(pair.left().perCpu()).isEqualTo(2);
            assertThat(pair.left().coversAll() && pair.right().coversAll()).isTrue();
        });
    }
}
