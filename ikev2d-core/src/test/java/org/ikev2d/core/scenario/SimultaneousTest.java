package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.world.Choices;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends begin at once: one IKE SA is kept, and both come to the same answer, each by itself. */
final class SimultaneousTest {
    private static final Pattern CREATE_CHILD = Pattern.compile("(left|right) --> \\S+ CREATE_CHILD_SA request (\\d+)");

    private static Pair bothBegin(World world, Mode mode) {
        Tunnels tunnels = Tunnels.pair().queues(Queues.of(mode, Dialect.RFC9611));
        tunnels.right().alwaysUp();
        return Pair.of(world, tunnels, Cpus.firstOnes(2), Cpus.firstOnes(2));
    }

    private static long ups(End end) {
        return end.gateway().told().stream()
                .map(Event::code)
                .filter("ike-up"::equals)
                .count();
    }

    /** One IKE SA, seen as the same by both; the one with the lowest nonce, if both came up, is the one that went. */
    private static void expectOneKept(Pair pair, InitWatch watch) {
        World world = pair.world();
        pair.expectAgreement();
        Role left = pair.left().status().role().orElseThrow();
        Role right = pair.right().status().role().orElseThrow();
        assertThat(left).isNotEqualTo(right);
        if (ups(pair.left()) == 2 && ups(pair.right()) == 2 && watch.all().count() == 2) {
            IpAddress loser = watch.all()
                    .min(Comparator.comparing(InitWatch.Begun::lowest))
                    .orElseThrow()
                    .initiator();
            Role expected = loser.equals(Tunnels.LEFT) ? Role.RESPONDER : Role.INITIATOR;
            world.expect(left == expected, "the IKE SA that " + loser + " began has the lowest nonce and is kept");
        }
    }

    /** Requests that were sent, repetitions not counted. */
    private static Set<String> createChildRequests(String story) {
        Set<String> requests = new TreeSet<>();
        CREATE_CHILD.matcher(story).results().map(MatchResult::group).forEach(requests::add);
        return requests;
    }

    /** Every order in which the messages can arrive, as far as the first eight choices go. */
    @Holds("7296-1.4-b")
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void oneIkeSaIsKeptInEveryOrderOfArrival_rfc7296_2_8_1(long seed) {
        AtomicInteger crossings = new AtomicInteger();
        int runs = Choices.each(8, choices -> {
            String story = World.play(seed, world -> {
                InitWatch watch = new InitWatch();
                world.network().censor(watch);
                world.choosing(choices);
                Pair pair = bothBegin(world, Mode.EAGER).start();
                world.runUntil("both sets are whole", Duration.ofSeconds(10), pair::isWhole);
                world.runFor(Duration.ofSeconds(15));
                expectOneKept(pair, watch);
                crossings.addAndGet(ups(pair.left()) == 2 ? 1 : 0);
            });
            assertThat(createChildRequests(story)).as(story).hasSize(2);
        });
        assertThat(runs).isGreaterThan(100);
        assertThat(crossings.get()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void oneIkeSaIsKeptWhateverMessageOfEitherEndIsLost(Mode mode) {
        for (int left = 0; left <= 6; left++) {
            for (int right = 0; right <= 6; right++) {
                int lostOfLeft = left;
                int lostOfRight = right;
                World.play(left * 7 + right, world -> {
                    InitWatch watch = new InitWatch();
                    Loss loss = new Loss(lostOfLeft, lostOfRight);
                    world.network().censor(parcels -> loss.apply(watch.apply(parcels)));
                    Pair pair = bothBegin(world, mode).start();
                    world.runUntil(
                            "both are up",
                            Duration.ofSeconds(10),
                            () -> pair.left().isUp() && pair.right().isUp());
                    world.runFor(Duration.ofSeconds(60));
                    expectOneKept(pair, watch);
                    BothWays traffic = BothWays.of(pair).start();
                    world.runFor(Duration.ofSeconds(1));
                    traffic.stop().expectNoLoss();
                });
            }
        }
    }

    /** From together to one well after the other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void oneIkeSaIsKeptHoweverMuchLaterTheOtherBegins(long seed) {
        for (int delay = 0; delay <= 60; delay++) {
            int millis = delay;
            World.play(seed, world -> {
                InitWatch watch = new InitWatch();
                world.network().censor(watch);
                Pair pair = bothBegin(world, Mode.EAGER);
                pair.left().start();
                world.runFor(Duration.ofMillis(millis));
                pair.right().start();
                world.runUntil("both sets are whole", Duration.ofSeconds(10), pair::isWhole);
                world.runFor(Duration.ofSeconds(15));
                expectOneKept(pair, watch);
            });
        }
    }

    /** No packet is lost while the one gives way to the other. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void trafficFlowsFromTheFirstFallbackOn(long seed) {
        World.play(seed, world -> {
            Pair pair = bothBegin(world, Mode.EAGER).start();
            world.runUntil(
                    "both are up",
                    Duration.ofSeconds(1),
                    () -> pair.left().isUp() && pair.right().isUp());
            BothWays traffic = BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), Duration.ofMillis(4))
                    .start();
            world.runFor(Duration.ofSeconds(15));
            traffic.stop().expectNoLoss().expectOwnSas();
            pair.expectAgreement();
        });
    }

    @Test
    void bothKindsOfOutcomeAreSeen() {
        Set<Role> kept = new TreeSet<>();
        for (long seed = 1; seed <= 10; seed++) {
            World.play(seed, world -> {
                Pair pair = bothBegin(world, Mode.EAGER).start();
                world.runFor(Duration.ofSeconds(15));
                kept.add(pair.left().status().role().orElseThrow());
            });
        }
        assertThat(kept).containsExactlyElementsOf(List.of(Role.values()));
    }
}
