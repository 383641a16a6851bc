package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines that die without a word, and their successors. */
final class RestartTest {
    private static Pair up(World world, Tunnels tunnels) {
        Pair pair = Pair.of(world, tunnels).start();
        world.runUntil(
                "up",
                Duration.ofSeconds(1),
                () -> pair.left().isUp() && pair.right().isUp());
        return pair;
    }

    /** What the service manager does when the daemon has died: nothing asks per CPU any more. */
    private static void clearFlags(End end) {
        for (PolicySpec policy : end.kernel().policies()) {
            try {
                if (policy.cpuAcquire()) {
                    end.kernel().setPolicy(policy.withCpuAcquire(false));
                }
            } catch (KernelException refused) {
                throw new AssertionError(refused);
            }
        }
    }

    static Stream<Arguments> deaths() {
        List<Arguments> all = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            for (Dialect dialect : Dialect.values()) {
                for (boolean left : new boolean[] {true, false}) {
                    for (boolean both : new boolean[] {true, false}) {
                        all.add(Arguments.of(
                                Queues.of(mode, dialect),
                                left ? "left" : "right",
                                both ? "both begin" : "left begins"));
                    }
                }
            }
        }
        return all.stream();
    }

    private static Tunnels tunnels(QueuePolicy queues, String begins) {
        Tunnels tunnels = Tunnels.pair().queues(queues);
        if (begins.startsWith("both")) {
            tunnels.right().alwaysUp();
        }
        return tunnels;
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void deadEngineIsReplacedWithoutAPacketLost(QueuePolicy queues, String dying, String begins) {
        World.play(1, world -> {
            Pair pair = up(world, tunnels(queues, begins));
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(15));
            End victim = dying.equals("left") ? pair.left() : pair.right();
            List<ChildStatus> before = victim.children();
            victim.gateway().kill();
            clearFlags(victim);
            int done = victim.kernel().log().size();
            world.runFor(Duration.ofSeconds(4));
            victim.start();
            world.runUntil("re-established", Duration.ofSeconds(5), victim::isUp);
            world.runFor(Duration.ofSeconds(20));
            pair.expectAgreement();
            assertThat(victim.children()).doesNotContainAnyElementsOf(before);
            // The CPUs that had their SAs have new ones unasked: a question would cost each CPU packets.
            List<String> log = victim.kernel().log();
            assertThat(log.subList(done, log.size())).noneMatch(operation -> operation.contains("cpu-acquire"));
            traffic.stop().expectNoLoss().expectOwnSas();
        });
    }

    /** The answer to IKE_AUTH leaves long after the request came, and the wait for the peer begins only then. */
    @Test
    void answerThatTookItsTimeIsWaitedForAllTheSame() {
        World.play(1, world -> {
            Pair pair = up(world, tunnels(Queues.of(Mode.EAGER, Dialect.RFC9611), "left begins"));
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(15));
            pair.left().gateway().kill();
            clearFlags(pair.left());
            world.runFor(Duration.ofSeconds(4));
            pair.left().start();
            world.runFor(Duration.ofMillis(25));
            pair.left().gateway().takesItsTime(Duration.ofMillis(400));
            pair.right().gateway().takesItsTime(Duration.ofMillis(1200));
            world.runFor(Duration.ofMillis(10));
            pair.right().gateway().takesItsTime(Duration.ofMillis(1));
            // What the left end repeats would prolong the wait.
            world.network().censor(parcels -> List.of());
            world.runFor(Duration.ofMillis(1190));
            world.network().censor(parcels -> parcels);
            world.runUntil("re-established", Duration.ofSeconds(5), pair.left()::isUp);
            pair.left().gateway().takesItsTime(Duration.ofMillis(1));
            world.runFor(Duration.ofSeconds(20));
            pair.expectAgreement();
            traffic.stop().expectNoLoss();
        });
    }

    /** At every moment of the set-up, and once more while the successor sets up. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void engineMayDieAtAnyMoment(Mode mode) {
        for (int moment = 0; moment <= 160; moment += 5) {
            for (boolean left : new boolean[] {true, false}) {
                int when = moment;
                World.play(when, world -> {
                    Pair pair = Pair.of(world, tunnels(Queues.of(mode, Dialect.RFC9611), "both begin"))
                            .start();
                    End victim = left ? pair.left() : pair.right();
                    world.runFor(Duration.ofMillis(when));
                    victim.gateway().kill();
                    world.runFor(Duration.ofMillis(20));
                    victim.start();
                    world.runFor(Duration.ofMillis(35));
                    victim.gateway().kill();
                    world.runFor(Duration.ofMillis(20));
                    victim.start();
                    world.runUntil(
                            "both up",
                            Duration.ofSeconds(70),
                            () -> pair.left().isUp() && pair.right().isUp());
                    world.runFor(Duration.ofSeconds(45));
                    pair.expectAgreement();
                    BothWays traffic = BothWays.of(pair).start();
                    world.runFor(Duration.ofMillis(500));
                    traffic.stop().expectNoLoss();
                });
            }
        }
    }

    /** With both daemons dead the kernels go on, and go on while the first successor is alone. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void bothEnginesDieAndOneComesBackMuchLater(Mode mode) {
        World.play(1, world -> {
            Pair pair = up(world, tunnels(Queues.of(mode, Dialect.RFC9611), "both begin"));
            BothWays traffic = BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), Duration.ofMillis(100))
                    .start();
            world.runFor(Duration.ofSeconds(15));
            pair.left().gateway().kill();
            pair.right().gateway().kill();
            clearFlags(pair.left());
            clearFlags(pair.right());
            world.runFor(Duration.ofSeconds(2));
            pair.left().start();
            world.runFor(Duration.ofSeconds(100));
            pair.right().start();
            world.runUntil("re-established", Duration.ofSeconds(91), () -> pair.isWhole());
            world.runFor(Duration.ofSeconds(20));
            pair.expectAgreement();
            traffic.stop().expectNoLoss().expectOwnSas();
        });
    }

    /** CPUs are asked for, nobody answers, the IKE SA is given up: the Child SA that there is carries on. */
    @Test
    void peerIsDeadWhileTheKernelAsks() {
        World.play(1, world -> {
            Pair pair = up(world, tunnels(Queues.of(Mode.ON_DEMAND, Dialect.RFC9611), "left begins"));
            world.runFor(Duration.ofSeconds(1));
            pair.right().gateway().kill();
            clearFlags(pair.right());
            BothWays traffic = BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), Duration.ofMillis(100))
                    .start();
            world.runUntil(
                    "left gives up",
                    Duration.ofSeconds(40),
                    () -> !pair.left().lastError().isEmpty());
            assertThat(pair.left().lastError()).startsWith("peer-silent: ");
            world.runFor(Duration.ofSeconds(100));
            pair.right().start();
            world.runUntil("re-established", Duration.ofSeconds(91), () -> pair.isWhole());
            world.runFor(Duration.ofSeconds(20));
            pair.expectAgreement();
            traffic.stop().expectNoLoss().expectOwnSas();
        });
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void engineThatWasToldToKeepIsReplacedWithoutAPacketLost(QueuePolicy queues, String ending, String begins) {
        World.play(1, world -> {
            Pair pair = up(world, tunnels(queues, begins));
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(1));
            End end = ending.equals("left") ? pair.left() : pair.right();
            end.gateway().stop(true);
            assertThat(end.asksPerCpu()).isFalse();
            world.runFor(Duration.ofSeconds(1));
            end.start();
            world.runFor(Duration.ofSeconds(20));
            pair.expectAgreement();
            traffic.stop().expectNoLoss().expectOwnSas();
        });
    }

    @Test
    void tunnelThatIsNoLongerConfiguredIsCleanedUpAtTheStart() {
        World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair());
            pair.untilWhole();
            pair.left().gateway().kill();
            pair.left().configure();
            pair.left().start();
            assertThat(pair.left().kernel().contents()).isEmpty();
        });
    }

    @Test
    void tunnelWithAnotherReqidIsAnotherTunnel() {
        World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair());
            pair.untilWhole();
            pair.left().gateway().kill();
            pair.left().configure(Tunnels.pair().left().number(9));
            pair.left().start();
            assertThat(pair.left().kernel().contents()).hasSize(3).allMatch(line -> line.startsWith("POLICY"));
            world.runFor(Duration.ofSeconds(20));
            pair.expectAgreement();
            assertThat(pair.left().kernel().policies())
                    .extracting(PolicySpec::reqId)
                    .containsOnly(ReqId.ofTunnel(9));
        });
    }

    @Test
    void changedSelectorsTakeEffectOnceTheTunnelIsUpAgain() {
        World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair());
            pair.untilWhole();
            BothWays traffic = BothWays.of(pair).start();
            pair.left().gateway().kill();
            Tunnels narrower = Tunnels.pair();
            narrower.left()
                    .selectors(
                            List.of(TrafficSelector.parse("10.1.0.0/24")),
                            List.of(TrafficSelector.parse("10.2.0.0/20")));
            pair.left().configure(narrower.left());
            pair.left().start();
            world.runFor(Duration.ofSeconds(20));
            pair.expectAgreement();
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(pair.left().policies(Direction.OUT))
                    .extracting(policy -> policy.id().selector().source() + "/"
                            + policy.id().selector().sourcePrefix() + " "
                            + policy.id().selector().destination() + "/"
                            + policy.id().selector().destinationPrefix())
                    .containsExactly("10.1.0.0/24 10.2.0.0/20");
        });
    }

    @Test
    void flagThatADeadEngineLeftIsClearedByItsSuccessor() {
        World.play(1, world -> {
            Pair pair = up(world, tunnels(Queues.of(Mode.ON_DEMAND, Dialect.RFC9611), "left begins"));
            world.runFor(Duration.ofSeconds(1));
            pair.left().gateway().kill();
            assertThat(pair.left().asksPerCpu()).isTrue();
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            pair.left().start();
            assertThat(pair.left().asksPerCpu()).isFalse();
        });
    }
}
