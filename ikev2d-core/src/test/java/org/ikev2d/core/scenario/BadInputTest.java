package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.world.Gateway;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A conversation of set-up, per-CPU SAs, liveness and delete, into which others speak: broken, altered, repeated and old
 * messages before and after each genuine one, at both ends, from the peer's address and from elsewhere.
 */
final class BadInputTest {
    private static final IpAddress STRANGER = IpAddress.parse("203.0.113.7");

    /** Messages of the conversation when nobody speaks into it: the first are IKE_SA_INIT's. */
    private static final int INIT_MESSAGES = 2;

    private static Pair pair(World world, boolean encapsulated) {
        Tunnels tunnels = Tunnels.pair();
        if (encapsulated) {
            tunnels.both(draft -> draft.forceEncapsulation());
        }
        return Pair.of(world, tunnels);
    }

    /** What the conversation consists of, and what must come of it in spite of {@code interference}. */
    private static void converse(World world, boolean encapsulated, Duration patience, Interference interference) {
        Pair pair = pair(world, encapsulated);
        world.network().censor(interference.in(pair));
        pair.start();
        world.runUntil("both sets are whole", patience, pair::isWhole);
        BothWays traffic = BothWays.of(pair).start();
        world.runFor(Duration.ofSeconds(3));
        traffic.stop().expectNoLoss().expectOwnSas();
        world.runFor(Duration.ofSeconds(70));
        pair.expectAgreement();
        pair.left().gateway().down("t");
        world.runFor(Duration.ofSeconds(3));
        pair.expectNothingUp();
    }

    /** Speaks when the message of a certain number is sent. */
    private static final class Interference {
        private final int at;
        private final List<Parcel> sent = new ArrayList<>();

        private Interference(int at) {
            this.at = at;
        }

        private UnaryOperator<List<Parcel>> in(Pair pair) {
            return parcels -> {
                Parcel genuine = parcels.get(0);
                sent.add(genuine);
                if (sent.size() - 1 == at) {
                    Gateway from = genuine.source().address().equals(Tunnels.LEFT)
                            ? pair.left().gateway()
                            : pair.right().gateway();
                    speak(pair.world(), from, genuine);
                }
                return parcels;
            };
        }

        /** What is injected now arrives before the genuine message. */
        private void speak(World world, Gateway from, Parcel genuine) {
            // Of IKE_SA_INIT's each is a new attempt, and each attempt is a key exchange.
            int[] alterations = at < INIT_MESSAGES ? new int[] {0x10} : new int[] {0x01, 0x80, 0xff};
            for (Bytes octets : mutants(octetsOf(genuine), alterations)) {
                world.network().inject(from, with(genuine, octets));
            }
            for (Parcel old : sent) {
                replay(world, from, old);
            }
            world.after(Duration.ofMillis(11), () -> sent.forEach(old -> replay(world, from, old)));
        }

        /** To whom it was sent, and back to whom it came from, from either address and from elsewhere. */
        private static void replay(World world, Gateway from, Parcel old) {
            Endpoint elsewhere = new Endpoint(STRANGER, old.source().port());
            world.network().inject(from, old);
            world.network().inject(from, from(old.destination(), old.source(), octetsOf(old)));
            world.network().inject(from, from(elsewhere, old.destination(), octetsOf(old)));
            world.network().inject(from, from(elsewhere, old.source(), octetsOf(old)));
        }
    }

    private static Bytes octetsOf(Parcel parcel) {
        return ((Parcel.Cargo.Ike) parcel.cargo()).octets();
    }

    private static Parcel with(Parcel genuine, Bytes octets) {
        return from(genuine.source(), genuine.destination(), octets);
    }

    private static Parcel from(Endpoint source, Endpoint destination, Bytes octets) {
        return Parcel.ike(source, destination, octets, destination.port() == 4500);
    }

    /** Cut short after each octet, and with each octet altered in some bits. */
    private static List<Bytes> mutants(Bytes genuine, int... alterations) {
        List<Bytes> mutants = new ArrayList<>();
        for (int at = 0; at < genuine.size(); at++) {
            mutants.add(genuine.slice(0, at));
            for (int bits : alterations) {
                byte[] octets = genuine.toArray();
                octets[at] ^= (byte) bits;
                mutants.add(Bytes.wrap(octets));
            }
        }
        mutants.add(Bytes.concat(genuine, Bytes.of((byte) 0)));
        return mutants;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void brokenAlteredAndRepeatedMessagesDoNoHarm_rfc7296_2_21(boolean encapsulated) {
        Interference none = new Interference(Integer.MAX_VALUE);
        World.play(1, world -> converse(world, encapsulated, Duration.ofSeconds(5), none));
        assertThat(none.sent).hasSizeGreaterThan(16);
        for (int at = INIT_MESSAGES; at < none.sent.size(); at++) {
            Interference interference = new Interference(at);
            World.play(1, world -> converse(world, encapsulated, Duration.ofSeconds(5), interference));
        }
    }

    /** Nothing proves IKE_SA_INIT: what comes first may spoil an attempt. A later one succeeds. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void alteredFirstMessagesDelayTheTunnelAtMost_rfc7296_2_21_1(int at) {
        World.play(1, world -> converse(world, false, Duration.ofSeconds(60), new Interference(at)));
    }

    /** Each by itself: what the first usable one of many does to the attempt hides what the others would do. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oneAlteredFirstMessageDelaysTheTunnelAtMost_rfc7296_2_21_1(int at) {
        int octets = 200;
        for (int octet = 0; octet < octets; octet += 3) {
            int which = octet;
            World.play(octet, world -> {
                Pair pair = pair(world, false);
                List<Parcel> sent = new ArrayList<>();
                world.network().censor(parcels -> {
                    sent.addAll(parcels);
                    byte[] altered = octetsOf(parcels.get(0)).toArray();
                    altered[Math.min(which, altered.length - 1)] ^= 0x11;
                    return sent.size() - 1 == at
                            ? List.of(with(parcels.get(0), Bytes.wrap(altered)), parcels.get(0))
                            : parcels;
                });
                pair.start();
                world.runUntil("both sets are whole", Duration.ofSeconds(60), pair::isWhole);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noiseDoesNoHarm(long seed) {
        World.play(seed, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            Random random = new Random(seed);
            for (int i = 0; i < 1000; i++) {
                byte[] octets = new byte[random.nextInt(300)];
                random.nextBytes(octets);
                boolean toLeft = random.nextBoolean();
                Endpoint source = random.nextBoolean()
                        ? new Endpoint(STRANGER, random.nextInt(65536))
                        : new Endpoint(toLeft ? Tunnels.RIGHT : Tunnels.LEFT, 500);
                Endpoint destination = new Endpoint(toLeft ? Tunnels.LEFT : Tunnels.RIGHT, 500);
                world.after(
                        Duration.ofMillis(random.nextInt(200)),
                        () -> world.network()
                                .inject(
                                        (toLeft ? pair.right() : pair.left()).gateway(),
                                        from(source, destination, Bytes.wrap(octets))));
            }
            pair.start();
            pair.untilWhole();
            BothWays.of(pair).once().expectOwnSas();
        });
    }
}
