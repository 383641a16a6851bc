package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.core.registry.KeyExchangeMethod.CURVE25519;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_256;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.Childless;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.Weather;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IKE SAs that come up without a Child SA (RFC 6023). */
final class ChildlessTest {
    private static Tunnels childless() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().childless(Childless.PREFER);
        return tunnels;
    }

    private static long begun(Wiretap wiretap, ExchangeType exchange) {
        return wiretap.from(Tunnels.LEFT)
                .filter(message -> message.is(exchange, false))
                .count();
    }

    static Stream<QueuePolicy> sets() {
        List<QueuePolicy> sets = new ArrayList<>();
        for (Dialect dialect : Dialect.values()) {
            sets.add(Queues.of(Mode.EAGER, dialect));
            sets.add(Queues.of(Mode.ON_DEMAND, dialect));
            sets.add(Queues.count(0, Mode.EAGER, dialect));
        }
        return sets.stream();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void firstChildSaHasAnExchangeOfItsOwnAndTheSetFollows(QueuePolicy queues) {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair pair = Pair.of(world, childless().queues(queues)).start();
            world.runUntil(
                    "up",
                    Duration.ofSeconds(1),
                    () -> pair.left().isUp() && pair.right().isUp());
            assertThat(begun(wiretap, ExchangeType.IKE_AUTH)).isEqualTo(1);
            assertThat(begun(wiretap, ExchangeType.CREATE_CHILD_SA)).isPositive();
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(10));
            traffic.stop().expectNoLoss();
            pair.expectAgreement();
            boolean set = queues.count().orElse(1) != 0;
            assertThat(pair.left().coversAll()).isEqualTo(set);
            assertThat(pair.right().coversAll()).isEqualTo(set);
        });
    }

    @Test
    void peerThatDoesNotSayThatItCanIsAskedForTheChildSaInIkeAuth_rfc6023_3() {
        World.play(1, world -> {
            Tunnels tunnels = childless();
            tunnels.right().childless(Childless.NEVER);
            tunnels.queues(Queues.count(0, Mode.EAGER, Dialect.RFC9611));
            Wiretap wiretap = Wiretap.in(world);
            Pair.of(world, tunnels).start().untilWhole();
            assertThat(begun(wiretap, ExchangeType.CREATE_CHILD_SA)).isZero();
        });
    }

    @Test
    void operatorIsAnsweredWhenTheChildSaIsThere() {
        World.play(1, world -> {
            Tunnels tunnels = childless();
            tunnels.left().responder();
            Pair pair = Pair.of(world, tunnels).start();
            long ticket = pair.left().gateway().up("t");
            world.runUntil(
                    "an answer",
                    Duration.ofSeconds(1),
                    () -> pair.left().gateway().reply(ticket).isPresent());
            assertThat(pair.left().children()).isNotEmpty();
            pair.untilWhole();
        });
    }

    @Test
    void packetThatBringsItUpIsAnsweredByThatChildSa() {
        World.play(1, world -> {
            Tunnels tunnels = childless();
            tunnels.left().onDemand();
            Pair pair = Pair.of(world, tunnels).start();
            pair.left().kernel().send(new CpuId(0), Packet.udp(Tunnels.host(1), 4000, Tunnels.host(2), 7));
            pair.untilWhole();
            assertThat(pair.left().kernel().acquires()).isZero();
        });
    }

    @Test
    void otherKeyExchangeIsTakenWhenThePeerWantsIt_rfc7296_1_3() {
        World.play(1, world -> {
            Tunnels tunnels = childless();
            tunnels.left().esp(Proposals.esp(CURVE25519, ECP_256));
            tunnels.right().esp(Proposals.esp(ECP_256));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Test
    void childSaThatIsRefusedEndsTheIkeSaAndSaysWhy() {
        World.play(1, world -> {
            Tunnels tunnels = childless();
            tunnels.left().esp(Proposals.esp(CURVE25519));
            tunnels.right().esp(Proposals.esp(ECP_256));
            Pair pair = Pair.of(world, tunnels).start();
            world.runFor(Duration.ofSeconds(5));
            pair.expectNothingUp();
            assertThat(pair.left().lastError())
                    .startsWith("no-proposal-chosen: the peer answered CREATE_CHILD_SA with NO_PROPOSAL_CHOSEN");
        });
    }

    @Test
    void responderSaysThatItCanAndDoesSo_rfc6023_3() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            assertThat(peer.init())
                    .contains(new Payload.Notify(
                            1, Bytes.empty(), NotifyType.CHILDLESS_IKEV2_SUPPORTED.code(), Bytes.empty()));
            peer.asking(ChildlessTest::withoutChild);
            assertThat(peer.auth())
                    .noneMatch(payload -> payload instanceof Payload.SecurityAssociation
                            || payload instanceof Payload.TrafficSelectors
                            || payload instanceof Payload.Notify)
                    .anyMatch(Payload.Authentication.class::isInstance);
            assertThat(right.isUp()).isFalse();
            world.runFor(Duration.ofMinutes(1));
            peer.asking(payloads -> payloads);
            assertThat(peer.createChild()).anyMatch(Payload.TrafficSelectors.class::isInstance);
            assertThat(right.isUp()).isTrue();
        });
    }

    private static List<Payload> withoutChild(List<Payload> payloads) {
        return payloads.stream()
                .filter(payload -> !(payload instanceof Payload.SecurityAssociation
                        || payload instanceof Payload.TrafficSelectors))
                .toList();
    }

    @Test
    void responderThatIsNotToNeitherSaysSoNorDoesIt_rfc6023_3() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.right().childless(Childless.NEVER);
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            assertThat(peer.init())
                    .noneMatch(payload -> payload instanceof Payload.Notify notify
                            && notify.notifyType() == NotifyType.CHILDLESS_IKEV2_SUPPORTED.code());
            peer.asking(ChildlessTest::withoutChild);
            assertThat(peer.auth()).contains(Payload.Notify.of(NotifyType.INVALID_SYNTAX));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void lossAndDisorderChangeNothing(long seed) {
        World.play(seed, world -> {
            Tunnels tunnels = childless();
            if (seed % 2 == 0) {
                tunnels.right().alwaysUp().childless(Childless.PREFER);
            }
            world.network().weather(Weather.FOUL);
            Pair pair = Pair.of(world, tunnels).start();
            world.runUntil("whole", Duration.ofMinutes(4), pair::isWhole);
            world.network().weather(Weather.FAIR);
            pair.untilSettled();
            BothWays.of(pair).once().expectOwnSas();
        });
    }
}
