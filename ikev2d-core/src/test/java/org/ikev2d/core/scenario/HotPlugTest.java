package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CPUs that come and go while a set is up. */
final class HotPlugTest {
    private static Cpus cpus(Integer... numbers) {
        return Cpus.of(Stream.of(numbers).map(CpuId::new).toList(), 64);
    }

    private static Pair whole(World world, Mode mode, Cpus left, Cpus right) {
        Pair pair = Pair.of(world, Tunnels.pair().queues(Queues.of(mode, Dialect.RFC9611)), left, right)
                .start();
        world.runUntil(
                "up",
                Duration.ofSeconds(1),
                () -> pair.left().isUp() && pair.right().isUp());
        BothWays traffic = BothWays.of(pair).start();
        world.runFor(Duration.ofSeconds(10));
        traffic.stop().expectNoLoss().expectOwnSas();
        return pair;
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void cpuThatComesOnlineGetsAnSa(Mode mode) {
        World.play(1, world -> {
            Pair pair = whole(world, mode, cpus(0, 1), cpus(0, 1));
            pair.left().gateway().changeCpus(cpus(0, 1, 7));
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(10));
            traffic.stop().expectNoLoss().expectOwnSas();
            pair.expectAgreement();
            assertThat(pair.left().coversAll()).isTrue();
            assertThat(pair.left().status().childrenExpected()).isEqualTo(4);
        });
    }

    /** The peer goes on sending over the SA until it has heard that it is no more, which takes three attempts here. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void cpuThatGoesOfflineGivesItsSaBackAndNothingIsLost(Mode mode) {
        World.play(1, world -> {
            Pair pair = whole(world, mode, Cpus.firstOnes(4), Cpus.firstOnes(4));
            Wiretap wiretap = Wiretap.in(world);
            int[] lost = {0};
            wiretap.losing(message ->
                    message.isFrom(Tunnels.LEFT) && message.is(ExchangeType.INFORMATIONAL, false) && lost[0]++ < 6);
            pair.left().gateway().changeCpus(cpus(0, 2));
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(30));
            traffic.stop().expectNoLoss().expectOwnSas();
            world.runFor(Duration.ofSeconds(15));
            pair.expectAgreement();
            assertThat(pair.left().status().childrenExpected()).isEqualTo(3);
            assertThat(pair.left().children())
                    .filteredOn(child -> child.ours() && child.cpu().isPresent())
                    .allMatch(child -> child.cpu()
                            .filter(cpu -> pair.left().gateway().cpus().online().contains(cpu))
                            .isPresent());
            // The peer has as many CPUs as before, and made others in the place of those that went.
            assertThat(pair.right().coversAll()).isTrue();
        });
    }

    @Test
    void cpuThatIsBackSoonKeepsItsSa() {
        World.play(1, world -> {
            Pair pair = whole(world, Mode.EAGER, Cpus.firstOnes(4), Cpus.firstOnes(4));
            pair.left().gateway().changeCpus(cpus(0, 2));
            world.runFor(Duration.ofSeconds(1));
            Wiretap wiretap = Wiretap.in(world);
            pair.left().gateway().changeCpus(Cpus.firstOnes(4));
            world.runFor(Duration.ofSeconds(10));
            assertThat(wiretap.all()).noneMatch(message -> message.is(ExchangeType.CREATE_CHILD_SA, false));
            assertThat(pair.left().coversAll()).isTrue();
        });
    }

    /** All at once, at both ends, and back again. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void allButOneGoAndComeAgain(Mode mode) {
        World.play(1, world -> {
            Pair pair = whole(world, mode, Cpus.firstOnes(16), Cpus.firstOnes(8));
            BothWays traffic = BothWays.of(pair).start();
            for (int round = 0; round < 3; round++) {
                pair.left().gateway().changeCpus(cpus(0));
                pair.right().gateway().changeCpus(cpus(0));
                world.runFor(Duration.ofSeconds(20));
                pair.expectAgreement();
                assertThat(pair.left().perCpu()).isLessThan(4);
                pair.left().gateway().changeCpus(Cpus.firstOnes(16));
                pair.right().gateway().changeCpus(Cpus.firstOnes(8));
                world.runFor(Duration.ofSeconds(20));
                pair.expectAgreement();
                assertThat(pair.left().coversAll() && pair.right().coversAll()).isTrue();
            }
            traffic.stop().expectNoLoss().expectOwnSas();
        });
    }
}
