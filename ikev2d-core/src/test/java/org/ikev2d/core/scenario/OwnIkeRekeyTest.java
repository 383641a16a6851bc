package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.engine.TunnelStatus.Role;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.IkeLifetime;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IKE SAs that our engine rekeys, with another of our engines as the peer. */
final class OwnIkeRekeyTest {
    private static final IkeLifetime MINUTE =
            new IkeLifetime(Duration.ofSeconds(60), Duration.ofSeconds(90), Duration.ZERO);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private static Pair up(World world, Tunnels tunnels, int window) {
        return Pair.of(world, tunnels, Cpus.firstOnes(2), Cpus.firstOnes(2))
                .tune(Tuning.windowSize(window))
                .start()
                .untilWhole();
    }

    private static BothWays flood(Pair pair) {
        return BothWays.of(pair, Tunnels.host(1), Tunnels.host(2), PAUSE).start();
    }

    private static long rekeyed(End end) {
        return told(end, "ike-rekeyed");
    }

    private static long told(End end, String code) {
        return end.gateway().told().stream()
                .map(Event::code)
                .filter(code::equals)
                .count();
    }

    /** What was done in the kernel, but for looks at it. */
    private static List<String> deeds(End end) {
        return end.kernel().log().stream()
                .filter(operation -> !operation.startsWith("GET") && !operation.startsWith("dump"))
                .toList();
    }

    @Holds({"7296-2.8-a", "7296-2.8.1-a", "7296-2.18-a"})
    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void itIsRekeyedBeforeItsTimeAndNothingChangesForTheTraffic_rfc7296_2_18(int window) {
        World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair().both(draft -> draft.ikeLifetime(MINUTE)), window);
            List<ChildStatus> children = pair.left().children();
            List<String> leftDeeds = deeds(pair.left());
            List<String> rightDeeds = deeds(pair.right());
            BothWays traffic = flood(pair);
            world.runFor(Duration.ofSeconds(50));
            assertThat(rekeyed(pair.left())).isZero();
            world.runFor(Duration.ofSeconds(10));
            assertThat(rekeyed(pair.left())).isEqualTo(1);
            // The one that began the last exchange begins the next, each time.
            world.runFor(Duration.ofMinutes(9));
            assertThat(rekeyed(pair.left())).isBetween(10L, 11L).isEqualTo(rekeyed(pair.right()));
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(deeds(pair.left())).isEqualTo(leftDeeds);
            assertThat(deeds(pair.right())).isEqualTo(rightDeeds);
            assertThat(pair.left().children()).isEqualTo(children);
            pair.expectAgreement();
            assertThat(told(pair.left(), "ike-up")).isEqualTo(1);
        });
    }

    @Holds("7296-2.8-d")
    @ParameterizedTest
    @CsvSource({"false, 1", "false, 16", "true, 1", "true, 16"})
    void operatorHasItRekeyedOfEitherEnd(boolean right, int window) {
        String story = World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair(), window);
            End end = right ? pair.right() : pair.left();
            End other = right ? pair.left() : pair.right();
            List<ChildStatus> children = end.children();
            BothWays traffic = flood(pair);
            for (int round = 1; round <= 5; round++) {
                long ticket = end.gateway().rekeyIke("t");
                assertThat(end.gateway().reply(ticket)).hasValueSatisfying(reply -> {
                    assertThat(reply.ok()).isTrue();
                    assertThat(reply.text()).isEqualTo("tunnel t: its IKE SA is being rekeyed");
                });
                world.runFor(Duration.ofSeconds(1));
                assertThat(rekeyed(end)).isEqualTo(round).isEqualTo(rekeyed(other));
                assertThat(end.status().role()).contains(Role.INITIATOR);
                assertThat(other.status().role()).contains(Role.RESPONDER);
            }
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(end.children()).isEqualTo(children);
            // On the last one Child SAs are rekeyed as before.
            other.gateway().rekey("t");
            world.runFor(Duration.ofSeconds(12));
            pair.expectAgreement();
            assertThat(end.children()).hasSameSizeAs(children).doesNotContainAnyElementsOf(children);
        });
        // Of each the last request is its delete.
        String end = right ? "right" : "left";
        assertThat(Pattern.compile(end + " --> \\S+ CREATE_CHILD_SA request \\d+ \\{ SK \\{ SA, Nonce, KE } }")
                        .matcher(story)
                        .results())
                .hasSize(5);
        assertThat(Pattern.compile(end + " --> \\S+ INFORMATIONAL request \\d+ \\{ SK \\{ D } }")
                        .matcher(story)
                        .results())
                .hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void operatorIsToldWhenThereIsNothingToRekey() {
        World.play(1, world -> {
            End end = new End(world, "end", Cpus.firstOnes(1), Tunnels.pair().right()).start();
            long ticket = end.gateway().rekeyIke("t");
            assertThat(end.gateway().reply(ticket)).hasValueSatisfying(reply -> {
                assertThat(reply.ok()).isFalse();
                assertThat(reply.text()).isEqualTo("tunnel t has no IKE SA to rekey");
            });
        });
    }

    /** It begins at 1 on the new one, until both have said otherwise there. */
    @Holds("7296-2.3-b")
    @Test
    void windowIsOfferedAnewOnTheNewOne_rfc7296_2_3() {
        String story = World.play(1, world -> {
            Pair pair = up(world, Tunnels.pair(), 16);
            world.tell("---");
            pair.left().gateway().rekeyIke("t");
            world.runFor(Duration.ofSeconds(1));
        });
        String after = story.substring(story.indexOf("---"));
        assertThat(after)
                .containsPattern("left --> \\S+ INFORMATIONAL request 0 \\{ SK \\{ N\\(SET_WINDOW_SIZE\\) } }")
                .containsPattern("right --> \\S+ INFORMATIONAL response 0 \\{ SK \\{ N\\(SET_WINDOW_SIZE\\) } }");
        assertThat(after.split("request 0 \\{ SK \\{ N\\(SET_WINDOW_SIZE", -1)).hasSize(3);
    }

    @Test
    void postQuantumKeyIsInTheKeysOfTheNewOneToo_rfc8784_3() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().both(draft -> draft.ppk("blue", "32 octets that nobody can guess", true));
            Pair pair = up(world, tunnels, 16);
            String suite = pair.left().status().ikeSuite();
            assertThat(suite).endsWith("-ppk");
            for (End end : List.of(pair.left(), pair.right())) {
                end.gateway().rekeyIke("t");
                world.runFor(Duration.ofSeconds(1));
                assertThat(pair.left().status().ikeSuite()).isEqualTo(suite);
                assertThat(pair.right().status().ikeSuite()).isEqualTo(suite);
            }
        });
    }

    /** However often they rekey meanwhile, the ends prove themselves anew when it is time. */
    @Test
    void reauthenticationIsCountedFromTheLastProof_rfc7296_2_8_3() {
        World.play(1, world -> {
            IkeLifetime life = new IkeLifetime(Duration.ofSeconds(60), Duration.ofSeconds(90), Duration.ofSeconds(400));
            Pair pair = up(world, Tunnels.pair().both(draft -> draft.ikeLifetime(life)), 16);
            BothWays traffic = flood(pair);
            world.runFor(Duration.ofSeconds(390));
            assertThat(rekeyed(pair.left())).isGreaterThanOrEqualTo(6);
            assertThat(told(pair.left(), "ike-up")).isEqualTo(1);
            world.runFor(Duration.ofSeconds(15));
            assertThat(told(pair.left(), "ike-up")).isEqualTo(2);
            assertThat(told(pair.right(), "ike-up")).isEqualTo(2);
            traffic.stop().expectNoLoss().expectOwnSas();
            pair.untilSettled();
        });
    }

    /** Both ends' timers and a bad network, for a set whose SAs are rekeyed, too. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void itIsRekeyedInBadWeather(long seed) {
        World.play(seed, world -> {
            IkeLifetime often = new IkeLifetime(Duration.ofSeconds(20), Duration.ofMinutes(10), Duration.ZERO);
            Tunnels tunnels = Tunnels.pair()
                    .both(draft -> draft.ikeLifetime(often).liveness(Duration.ofSeconds(30), Duration.ofMinutes(5)));
            Pair pair = up(world, tunnels, seed % 3 == 0 ? 16 : 1);
            List<ChildStatus> before = pair.left().children();
            world.network().weather(seed % 2 == 0 ? Weather.FOUL : Weather.GUSTY);
            world.runFor(Duration.ofMinutes(5));
            world.network().weather(Weather.FAIR);
            world.runFor(Duration.ofMinutes(1));
            BothWays traffic = flood(pair);
            world.runFor(Duration.ofMinutes(2));
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(pair.left().children()).isEqualTo(before);
            pair.expectAgreement();
            assertThat(told(pair.left(), "ike-up")).isEqualTo(1);
        });
    }
}
