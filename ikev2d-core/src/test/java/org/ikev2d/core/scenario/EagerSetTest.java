package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sets that are made at once, whoever has how many CPUs. */
final class EagerSetTest {
    private static Cpus cpus(Integer... numbers) {
        return Cpus.of(Stream.of(numbers).map(CpuId::new).toList(), 64);
    }

    /** Where one end has more than twice the CPUs of the other, that one must be told to take so many. */
    static Stream<Arguments> machines() {
        List<Arguments> all = new ArrayList<>();
        for (Dialect dialect : Dialect.values()) {
            QueuePolicy usual = Queues.of(Mode.EAGER, dialect);
            QueuePolicy generous = Queues.limit(8, Mode.EAGER, dialect);
            all.add(Arguments.of(usual, cpus(0), cpus(0)));
            all.add(Arguments.of(usual, cpus(0, 1), cpus(0, 1, 2, 3)));
            all.add(Arguments.of(usual, cpus(0, 1, 2, 3), cpus(0, 1)));
            all.add(Arguments.of(usual, cpus(0, 2, 5, 63), cpus(1, 3, 9, 17)));
            all.add(Arguments.of(generous, cpus(0, 1, 2, 3), cpus(3)));
            all.add(Arguments.of(generous, cpus(1, 3), cpus(0, 1, 2, 3, 40)));
            all.add(Arguments.of(usual, Cpus.firstOnes(16), Cpus.firstOnes(16)));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void everyCpuOfEitherEndHasItsSaAndNoPacketIsLost(QueuePolicy queues, Cpus leftCpus, Cpus rightCpus) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(queues);
            Pair pair = Pair.of(world, tunnels, leftCpus, rightCpus).start();
            world.runUntil(
                    "the fallback",
                    Duration.ofSeconds(1),
                    () -> pair.left().isUp() && pair.right().isUp());
            BothWays traffic = BothWays.of(pair).start();
            pair.untilWhole();
            assertThat(pair.left().coversAll()).isTrue();
            assertThat(pair.right().coversAll()).isTrue();
            assertThat(pair.left().children().get(0).kind()).isEqualTo(ChildKind.FALLBACK);
            assertThat(pair.left().perCpu())
                    .isEqualTo(Math.max(
                            leftCpus.online().size(), rightCpus.online().size()));
            assertThat(pair.left().status().note()).isEmpty();
            assertThat(pair.right().status().note()).isEmpty();
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(pair.left().asksPerCpu() || pair.right().asksPerCpu()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void endThatInitiatedMakesTheSetAndTheOtherFillsUpAfterAWhile_rfc9611_3(Dialect dialect) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.of(Mode.EAGER, dialect));
            Pair pair = Pair.of(world, tunnels, Cpus.firstOnes(2), Cpus.firstOnes(4))
                    .start();
            world.runFor(Duration.ofSeconds(2));
            assertThat(pair.right().children()).filteredOn(ChildStatus::ours).isEmpty();
            assertThat(pair.right().perCpu()).isEqualTo(2);
            pair.untilWhole();
            assertThat(pair.right().children()).filteredOn(ChildStatus::ours).hasSize(2);
            assertThat(pair.right().coversAll()).isTrue();
            // Those further ones are spread over the other end's CPUs.
            for (CpuId cpu : pair.left().gateway().cpus().online()) {
                assertThat(pair.left().children())
                        .filteredOn(child -> child.cpu().filter(cpu::equals).isPresent())
                        .hasSize(2);
            }
        });
    }

    @Test
    void establishedFlowsMoveToTheSaOfTheirCpu() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start();
            world.runUntil(
                    "the fallback", Duration.ofSeconds(1), () -> pair.left().isUp());
            BothWays traffic = BothWays.of(pair).once();
            pair.untilWhole();
            // The same flows as before, which the kernel remembers.
            traffic.once().expectOwnSas();
        });
    }

    @Test
    void fewerAreWantedThanThereAreCpus() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.count(2, Mode.EAGER, Dialect.RFC9611));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            assertThat(pair.left().perCpu()).isEqualTo(2);
            BothWays.of(pair).once();
        });
    }

    /** A hundred CPUs, and nothing that grows faster than they do. */
    @Test
    void largeMachines() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair(), Cpus.firstOnes(100), Cpus.firstOnes(100))
                    .start()
                    .untilWhole();
            assertThat(pair.left().perCpu()).isEqualTo(100);
            BothWays.of(pair).once().expectOwnSas();
        });
    }
}
