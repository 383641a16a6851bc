package org.ikev2d.core.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorldTest {
    private static final IpAddress OUTSIDE = IpAddress.of((byte) 203, (byte) 0, (byte) 113, (byte) 9);
    private static final Endpoint LEFT = new Endpoint(Tunnels.LEFT, 500);
    private static final Endpoint RIGHT = new Endpoint(Tunnels.RIGHT, 500);

    private static Gateway toy(World world, String name, Endpoint local, Endpoint remote, int rounds) {
        return world.gateway(
                name,
                local.address(),
                Cpus.firstOnes(2),
                (cpus, kernel, algorithms, entropy) -> new ToyEngine(local, remote, rounds, true));
    }

    private static void tenRounds(World world, Weather weather) {
        Gateway left = toy(world, "left", LEFT, RIGHT, 10);
        Gateway right = toy(world, "right", RIGHT, LEFT, 0);
        world.network().weather(weather);
        right.start();
        left.start();
        world.runUntil("ten rounds", Duration.ofMinutes(5), () -> left.hasTold("toy-done"));
    }

    @Test
    void fairWeatherTakesTwoLatenciesForARound() {
        World.play(1, world -> {
            tenRounds(world, Weather.FAIR);
            assertThat(world.clock().age()).isEqualTo(Duration.ofMillis(200));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sameSeedGivesTheSameStoryAndEveryWeatherIsSurvived(long seed) {
        for (Weather weather : List.of(Weather.FAIR, Weather.FOUL, Weather.GUSTY)) {
            String story = World.play(seed, world -> tenRounds(world, weather));
            assertThat(World.play(seed, world -> tenRounds(world, weather))).isEqualTo(story);
        }
    }

    @Test
    void anotherSeedGivesAnotherStory() {
        Set<String> stories = new TreeSet<>();
        for (long seed = 0; seed < 5; seed++) {
            stories.add(World.play(seed, world -> tenRounds(world, Weather.FOUL)));
        }
        assertThat(stories).hasSize(5);
    }

    @Test
    void storyTellsLossesAndCopies() {
        String story = World.play(3, world -> tenRounds(world, Weather.FOUL));
        assertThat(story)
                .contains("left --> 198.51.100.2:500 INFORMATIONAL request 0 {  } 28 octets")
                .contains("[lost on the way]")
                .contains("[2 copies]");
    }

    private static void expectFailure(Consumer<World> plot, String... parts) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> World.play(7, plot))
                .satisfies(failed -> assertThat(failed.getMessage()).contains(parts));
    }

    @Test
    void endlessExchangeFailsWithItsStoryAndSeed() {
        Weather noDelay = new Weather(Duration.ZERO, Duration.ZERO, 0, 0, 0, 0, 0);
        expectFailure(
                world -> {
                    world.network().weather(noDelay);
                    world.gateway(
                                    "right",
                                    Tunnels.RIGHT,
                                    Cpus.firstOnes(1),
                                    (cpus, kernel, algorithms, entropy) -> new ToyEngine(RIGHT, LEFT, 0, false))
                            .start();
                    world.gateway(
                                    "left",
                                    Tunnels.LEFT,
                                    Cpus.firstOnes(1),
                                    (cpus, kernel, algorithms, entropy) -> new ToyEngine(LEFT, RIGHT, 1, false))
                            .start();
                    world.runFor(Duration.ofSeconds(1));
                },
                "this has no end",
                "seed 7",
                "left <-- 198.51.100.2:500 INFORMATIONAL request 0");
    }

    @Test
    void whatIsNotReachedInTimeFails() {
        expectFailure(
                world -> {
                    Gateway left = toy(world, "left", LEFT, RIGHT, 1);
                    left.start();
                    world.runUntil("an answer", Duration.ofSeconds(3), () -> left.hasTold("toy-done"));
                },
                "not within 3000 ms: an answer",
                "nobody has 198.51.100.2");
    }

    @Test
    void reservationThatIsLeftInAKernelFails() {
        expectFailure(
                world -> {
                    Gateway left = toy(world, "left", LEFT, RIGHT, 0);
                    left.start();
                    try {
                        left.kernel().allocateSpi(Tunnels.RIGHT, Tunnels.LEFT, ReqId.ofTunnel(0));
                    } catch (KernelException refused) {
                        throw new AssertionError(refused);
                    }
                },
                "left's kernel is left with [RESERVATION IN");
    }

    @Holds("7296-2.12-a")
    @Test
    void secretsAndKeyExchangesThatAreLeftOpenFail() {
        expectFailure(
                world -> world.gateway("left", Tunnels.LEFT, Cpus.firstOnes(1), (cpus, kernel, algorithms, entropy) -> {
                            Secret key = Secret.owning(entropy.octets(32));
                            algorithms
                                    .prf(Prf.HMAC_SHA2_256, key, Secret.owning(entropy.octets(8)))
                                    .close();
                            algorithms.keyExchange(KeyExchangeMethod.CURVE25519);
                            return new ToyEngine(LEFT, RIGHT, 0, true);
                        })
                        .start(),
                "unclosed Secret[32 octets] as key of a PRF",
                "unclosed Secret[8 octets] as data of a PRF",
                "unclosed key exchange CURVE25519");
    }

    @Test
    void engineThatWantsToBeCalledAfterItStoppedFails() {
        expectFailure(
                world -> world.gateway(
                                "left",
                                Tunnels.LEFT,
                                Cpus.firstOnes(1),
                                (cpus, kernel, algorithms, entropy) -> (now, input) -> {
                                    ToyEngine toy = new ToyEngine(LEFT, RIGHT, 1, true);
                                    Step step = toy.handle(now, input);
                                    Step asked = toy.handle(now, new Input.Tick());
                                    return new Step(step.outputs(), asked.nextDeadline());
                                })
                        .start(),
                "left has stopped, but wants to be called again");
    }

    @Test
    void messageFromPort500WithTheMarkerFails() {
        expectFailure(
                world -> {
                    Gateway left = toy(world, "left", LEFT, RIGHT, 0);
                    world.network().send(left, Parcel.ike(LEFT, RIGHT, ToyEngine.message(0, 0), true));
                },
                "with the non-ESP marker");
    }

    @Test
    void killedEngineHearsNothingAndItsSuccessorDoes() {
        World.play(1, world -> {
            Gateway left = toy(world, "left", LEFT, RIGHT, 2);
            Gateway right = toy(world, "right", RIGHT, LEFT, 0);
            right.start();
            left.start();
            right.kill();
            world.runFor(Duration.ofSeconds(5));
            assertThat(left.hasTold("toy-done")).isFalse();
            right.start();
            world.runUntil("two rounds", Duration.ofSeconds(5), () -> left.hasTold("toy-done"));
        });
    }

    @Test
    void cutLinkCarriesNothingUntilItIsMended() {
        World.play(1, world -> {
            Gateway left = toy(world, "left", LEFT, RIGHT, 1);
            Gateway right = toy(world, "right", RIGHT, LEFT, 0);
            world.network().cut(right, left);
            right.start();
            left.start();
            world.runFor(Duration.ofSeconds(5));
            assertThat(left.hasTold("toy-done")).isFalse();
            world.network().mend(left, right);
            world.runUntil("a round", Duration.ofSeconds(2), () -> left.hasTold("toy-done"));
        });
    }

    @Test
    void natLendsItsAddressAndLetsNothingInUnasked() {
        String story = World.play(1, world -> {
            Endpoint inside = new Endpoint(Tunnels.LEFT, 4500);
            Endpoint peer = RIGHT.withPort(4500);
            Gateway left = toy(world, "left", inside, peer, 1);
            Gateway right = toy(world, "right", peer, new Endpoint(OUTSIDE, 40_000), 0);
            Nat nat = world.nat(left, OUTSIDE);
            right.start();
            world.network()
                    .inject(right, Parcel.ike(peer, new Endpoint(OUTSIDE, 40_000), ToyEngine.message(0, 0), true));
            world.runFor(Duration.ofSeconds(1));
            left.start();
            world.runUntil("a round", Duration.ofSeconds(2), () -> left.hasTold("toy-done"));
            nat.forget();
            world.network()
                    .inject(right, Parcel.ike(peer, new Endpoint(OUTSIDE, 40_000), ToyEngine.message(0, 0), true));
            world.runFor(Duration.ofSeconds(1));
        });
        assertThat(story).contains("right <-- 203.0.113.9:40000").containsOnlyOnce("left <-- ");
        assertThat(story.split("meets no mapping")).hasSize(3);
    }

    @Test
    void everyCombinationOfChoicesIsGivenOnce() {
        Set<String> seen = new TreeSet<>();
        int runs = Choices.each(10, choices -> {
            List<Integer> cards = new ArrayList<>(List.of(1, 2, 3, 4));
            StringBuilder drawn = new StringBuilder();
            while (!cards.isEmpty()) {
                drawn.append(cards.remove(choices.among(cards.size())));
            }
            seen.add(drawn.toString());
        });
        assertThat(runs).isEqualTo(24);
        assertThat(seen).hasSize(24);
    }

    @Test
    void chosenArrivalsComeInEveryOrder() {
        Set<String> orders = new TreeSet<>();
        Choices.each(
                10,
                choices -> World.play(1, world -> {
                    world.choosing(choices);
                    Gateway left = toy(world, "left", LEFT, RIGHT, 0);
                    Gateway right = toy(world, "right", RIGHT, LEFT, 0);
                    right.start();
                    left.start();
                    List<Integer> arrived = new ArrayList<>();
                    world.network().censor(parcels -> {
                        arrived.add(((Parcel.Cargo.Ike) parcels.get(0).cargo())
                                .octets()
                                .at(23));
                        return List.of();
                    });
                    for (int id = 0; id < 3; id++) {
                        world.network().inject(left, Parcel.ike(LEFT, RIGHT, ToyEngine.message(0, id), false));
                    }
                    world.runFor(Duration.ofSeconds(1));
                    orders.add(arrived.toString());
                }));
        assertThat(orders).hasSize(6);
    }
}
