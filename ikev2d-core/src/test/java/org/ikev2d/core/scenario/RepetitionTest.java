package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EncodedPayloads;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** Who sends what again, and what comes of it (RFC 7296 §2.1 to 2.4). */
final class RepetitionTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);

    /** A peer that began and has asked for a set's first SA; what our end sends is listened to. */
    private record Scene(World world, HandmadePeer peer, End end, Wiretap wiretap) {
        /** What our end sends when {@code octets} come, in the time of a few round trips. */
        List<Bytes> sentFor(Bytes octets) {
            wiretap.forget();
            peer.sendRaw(octets);
            world.runFor(Duration.ofMillis(200));
            return wiretap.from(Tunnels.RIGHT).map(Wiretap.Heard::octets).toList();
        }

        Bytes sealed(ExchangeType exchange, Payload... payloads) {
            EncodedPayloads encoded = MessageCodec.encodePayloads(List.of(payloads));
            return peer.sealed(exchange, encoded.firstPayloadType(), encoded.octets());
        }

        /** Asks for one more SA of the set. */
        Bytes oneMore() {
            return sealed(
                    ExchangeType.CREATE_CHILD_SA,
                    new Payload.SecurityAssociation(List.of(new Proposal(
                            1, 3, Bytes.hex("d0000001"), List.of(Transform.of(1, 20, 128), Transform.of(5, 1, 0))))),
                    new Payload.Nonce(Bytes.of(new byte[32])),
                    new Payload.TrafficSelectors(true, List.of(Tunnels.net(1))),
                    new Payload.TrafficSelectors(false, List.of(Tunnels.net(2))),
                    RESOURCE_INFO);
        }
    }

    private static void established(Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            peer.auth(RESOURCE_INFO);
            world.runFor(Duration.ofSeconds(4));
            plot.accept(new Scene(world, peer, right, Wiretap.in(world)));
        });
    }

    @Holds({"7296-2.1-b", "7296-2.1-d", "7296-2.3-g"})
    @Test
    void requestThatComesAgainGetsItsResponseAgainAndNothingElse_rfc7296_2_1() {
        established(scene -> {
            Bytes request = scene.oneMore();
            List<Bytes> response = scene.sentFor(request);
            assertThat(response).hasSize(1);
            List<ChildStatus> children = scene.end().children();
            List<String> kernel = scene.end().kernel().log();
            for (int again = 0; again < 3; again++) {
                assertThat(scene.sentFor(request)).isEqualTo(response);
            }
            scene.world().runFor(Duration.ofMinutes(10));
            assertThat(scene.sentFor(request)).isEqualTo(response);
            assertThat(scene.end().children()).isEqualTo(children);
            assertThat(scene.end().kernel().log())
                    .filteredOn(operation -> operation.contains("SA"))
                    .isEqualTo(kernel.stream()
                            .filter(operation -> operation.contains("SA"))
                            .toList());
        });
    }

    @Holds("7296-2.1-a")
    @Test
    void responseIsNotSentAgainUnasked_rfc7296_2_1() {
        established(scene -> {
            assertThat(scene.sentFor(scene.oneMore())).hasSize(1);
            scene.wiretap().forget();
            scene.world().runFor(Duration.ofMinutes(10));
            assertThat(scene.wiretap().from(Tunnels.RIGHT))
                    .isNotEmpty()
                    .noneMatch(message -> message.header().response());
        });
    }

    @Holds({"7296-2.1-e", "7296-2.3-h", "7296-2.3-i"})
    @Test
    void requestOutsideTheWindowIsNotAnswered_rfc7296_2_3() {
        established(scene -> {
            Bytes older = scene.oneMore();
            assertThat(scene.sentFor(older)).hasSize(1);
            scene.peer().askRaw(scene.peer().sealed(ExchangeType.INFORMATIONAL, 3, 0, Bytes.empty()));
            List<ChildStatus> children = scene.end().children();
            assertThat(scene.sentFor(older)).as("the one before the last").isEmpty();
            for (int id : new int[] {0, 1, 5, 6, 100, Integer.MAX_VALUE, -1}) {
                assertThat(scene.sentFor(scene.peer().sealed(ExchangeType.INFORMATIONAL, id, 0, Bytes.empty())))
                        .as("message ID " + id)
                        .isEmpty();
            }
            assertThat(scene.end().children()).isEqualTo(children);
            // The next in order is answered.
            assertThat(scene.sentFor(scene.peer().sealed(ExchangeType.INFORMATIONAL, 4, 0, Bytes.empty())))
                    .hasSize(1);
        });
    }

    @Holds({"7296-2.1-c", "7296-2.1-f", "7296-2.1-g", "7296-2.2-a", "7296-2.3-f", "7296-2.4-f"})
    @Test
    void requestIsRepeatedToTheBitWithLongerAndLongerWaitsUntilItIsAnsweredOrGivenUp_rfc7296_2_1() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair(), Cpus.firstOnes(2), Cpus.firstOnes(2));
            // The first three sendings of every request are lost.
            Wiretap wiretap = Wiretap.in(world);
            wiretap.losing(message ->
                    !message.header().response() && sendings(wiretap, message).size() <= 3);
            pair.start();
            world.runUntil("both sets are whole", Duration.ofMinutes(2), pair::isWhole);
            world.runFor(Duration.ofMinutes(2));
            for (ExchangeType exchange : List.of(
                    ExchangeType.IKE_SA_INIT,
                    ExchangeType.IKE_AUTH,
                    ExchangeType.CREATE_CHILD_SA,
                    ExchangeType.INFORMATIONAL)) {
                expectRepetitions(sendings(wiretap, first(wiretap, exchange)), 4);
            }
            wiretap.losing(message -> true);
            world.runUntil(
                    "left gives up",
                    Duration.ofMinutes(2),
                    () -> pair.left().lastError().startsWith("peer-silent: "));
            expectRepetitions(sendings(wiretap, lastOfFirstSa(wiretap)), 5);
            wiretap.losing(message -> false);
            world.runFor(Duration.ofMinutes(2));
        });
    }

    private static Wiretap.Heard first(Wiretap wiretap, ExchangeType exchange) {
        return wiretap.from(Tunnels.LEFT)
                .filter(message -> message.is(exchange, false))
                .findFirst()
                .orElseThrow();
    }

    private static Wiretap.Heard lastOfFirstSa(Wiretap wiretap) {
        Wiretap.Heard first = first(wiretap, ExchangeType.IKE_SA_INIT);
        return wiretap.from(Tunnels.LEFT)
                .filter(message -> !message.header().response()
                        && message.header().initiatorSpi().equals(first.header().initiatorSpi()))
                .reduce((one, next) -> next)
                .orElseThrow();
    }

    /** All of {@code request} so far. */
    private static List<Wiretap.Heard> sendings(Wiretap wiretap, Wiretap.Heard request) {
        return wiretap.from(request.parcel().source().address())
                .filter(message -> !message.header().response()
                        && message.header()
                                .initiatorSpi()
                                .equals(request.header().initiatorSpi())
                        && message.header().messageId() == request.header().messageId())
                .toList();
    }

    private static void expectRepetitions(List<Wiretap.Heard> sent, int times) {
        assertThat(sent).hasSize(times);
        List<Duration> waits = new ArrayList<>();
        for (int i = 1; i < sent.size(); i++) {
            assertThat(sent.get(i).octets()).isEqualTo(sent.get(0).octets());
            waits.add(sent.get(i).at().since(sent.get(i - 1).at()));
        }
        for (int i = 1; i < waits.size(); i++) {
            assertThat(waits.get(i))
                    .isGreaterThan(waits.get(i - 1).multipliedBy(3).dividedBy(2));
        }
    }

    @Holds("7296-2.3-c")
    @Test
    void requestIsAnsweredWhileOursIsOpen_rfc7296_2_3() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            Wiretap wiretap = Wiretap.in(world).losing(message -> message.isFrom(Tunnels.RIGHT));
            world.runUntil(
                    "left asks for liveness",
                    Duration.ofMinutes(1),
                    () -> wiretap.from(Tunnels.LEFT).findAny().isPresent());
            assertThat(peer.ask(ExchangeType.INFORMATIONAL)).isEmpty();
            assertThat(peer.ask(ExchangeType.INFORMATIONAL, Payload.Notify.of(NotifyType.ADDITIONAL_TS_POSSIBLE)))
                    .isEmpty();
            wiretap.losing(message -> false);
            world.runFor(Duration.ofMinutes(1));
            assertThat(left.isUp()).isTrue();
        });
    }
}
