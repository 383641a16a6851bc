package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that keep to the RFC in another way than ours does. */
final class OddPeerTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);

    private record Scene(World world, HandmadePeer peer, End end) {}

    /** A peer that begins. */
    private static void began(UnaryOperator<List<Payload>> questions, Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left()).asking(questions);
            peer.init();
            plot.accept(new Scene(world, peer, right));
        });
    }

    /** A peer that is asked, by an end that wants a set. */
    private static void asked(HandmadePeer.Answers answers, Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).answering(answers);
            End left = new End(world, "left", Cpus.firstOnes(2), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            plot.accept(new Scene(world, peer, left));
        });
    }

    private static boolean makesChild(Payloads request) {
        return request.exchange() == ExchangeType.IKE_AUTH || request.exchange() == ExchangeType.CREATE_CHILD_SA;
    }

    private static List<Payload> plus(List<Payload> payloads, Payload... more) {
        return Stream.concat(payloads.stream(), Stream.of(more)).toList();
    }

    static Stream<UnaryOperator<List<Payload>>> orders() {
        List<UnaryOperator<List<Payload>>> orders = new ArrayList<>();
        for (int turn = 1; turn < 7; turn++) {
            int distance = turn;
            orders.add(payloads -> {
                List<Payload> turned = new ArrayList<>(payloads);
                Collections.rotate(turned, distance);
                return turned;
            });
        }
        orders.add(payloads -> {
            List<Payload> reversed = new ArrayList<>(payloads);
            Collections.reverse(reversed);
            return reversed;
        });
        return orders.stream();
    }

    @Holds({"7296-1.7-b", "7296-2.5-o"})
    @ParameterizedTest
    @MethodSource("orders")
    void requestMayHaveItsPayloadsInAnyOrder_rfc7296_2_5(UnaryOperator<List<Payload>> order) {
        began(order, scene -> {
            assertThat(scene.peer().auth(RESOURCE_INFO)).anyMatch(Payload.TrafficSelectors.class::isInstance);
            assertThat(scene.peer().createChild(RESOURCE_INFO)).anyMatch(Payload.TrafficSelectors.class::isInstance);
            assertThat(scene.end().children()).hasSize(2);
        });
    }

    @Holds({"7296-1.7-b", "7296-2.5-o"})
    @ParameterizedTest
    @MethodSource("orders")
    void answerMayHaveItsPayloadsInAnyOrder_rfc7296_2_5(UnaryOperator<List<Payload>> order) {
        asked(
                (request, usual) -> order.apply(makesChild(request) ? plus(usual, RESOURCE_INFO) : usual),
                scene -> assertThat(scene.end().children()).hasSize(3));
    }

    /** Payloads that mean nothing to us, wherever they are. */
    private static final Payload[] STRANGE = {
        new Payload.Opaque(1, Bytes.hex("0102")),
        new Payload.Opaque(200, Bytes.empty()),
        new Payload.VendorId(Bytes.hex("4f70656e494b4544")),
        new Payload.Notify(0, Bytes.empty(), 40959, Bytes.hex("00")),
        new Payload.Notify(3, Bytes.hex("01020304"), 65535, Bytes.empty()),
        new Payload.CertificateRequest(99, Bytes.of(new byte[20]))
    };

    /** An error in a request, which is no error of the exchange. */
    private static final Payload UNKNOWN_ERROR = new Payload.Notify(0, Bytes.empty(), 8191, Bytes.hex("00"));

    @Holds({"7296-2.5-l", "7296-3.10.1-b", "7296-3.10.1-c", "7296-3.12-c"})
    @Test
    void whatIsNotKnownInARequestIsPassedOver_rfc7296_3_10_1() {
        began(payloads -> plus(plus(payloads, STRANGE), UNKNOWN_ERROR), scene -> {
            scene.peer().auth(RESOURCE_INFO);
            scene.peer().createChild(RESOURCE_INFO);
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL)).isEmpty();
            assertThat(scene.end().children()).hasSize(2);
        });
    }

    @Holds({"7296-2.5-l", "7296-3.10.1-b", "7296-3.10.1-c", "7296-3.12-c"})
    @Test
    void whatIsNotKnownInAnAnswerIsPassedOver_rfc7296_3_10_1() {
        asked(
                (request, usual) -> plus(makesChild(request) ? plus(usual, RESOURCE_INFO) : usual, STRANGE),
                scene -> assertThat(scene.end().children()).hasSize(3));
    }

    @Holds("7296-3.10.1-a")
    @Test
    void requestThatIsAnsweredWithAnUnknownErrorHasFailed_rfc7296_3_10_1() {
        asked(
                (request, usual) -> switch (request.exchange()) {
                    case IKE_AUTH -> plus(usual, RESOURCE_INFO);
                    case CREATE_CHILD_SA -> plus(usual, RESOURCE_INFO, UNKNOWN_ERROR);
                    default -> usual;
                },
                scene -> {
                    assertThat(scene.end().children()).hasSize(1);
                    assertThat(scene.end().status().note()).contains("8191");
                    scene.end().expectKernelAsTold();
                });
        asked(
                (request, usual) -> request.exchange() == ExchangeType.IKE_AUTH ? plus(usual, UNKNOWN_ERROR) : usual,
                scene -> {
                    assertThat(scene.end().isUp()).isFalse();
                    assertThat(scene.end().lastError())
                            .startsWith("peer-refused: ")
                            .contains("8191");
                });
    }

    @Holds({"9611-5.2-c", "9611-5.2-e"})
    @Test
    void protocolAndSpiOfTsMaxQueueAreIgnored_rfc9611_5_2() {
        Payload full = new Payload.Notify(3, Bytes.hex("01020304"), NotifyType.TS_MAX_QUEUE.code(), Bytes.hex("05"));
        asked(
                (request, usual) -> switch (request.exchange()) {
                    case IKE_AUTH -> plus(usual, RESOURCE_INFO);
                    case CREATE_CHILD_SA -> List.of(full);
                    default -> usual;
                },
                scene -> {
                    assertThat(scene.end().children()).hasSize(1);
                    assertThat(scene.end().status().note()).contains("TS_MAX_QUEUE");
                });
    }

    @Holds("7296-3.10-c")
    @Test
    void protocolWithoutAnSpiIsIgnored_rfc7296_3_10() {
        Payload.Notify info = new Payload.Notify(3, Bytes.empty(), NotifyType.SA_RESOURCE_INFO.code(), Bytes.empty());
        began(UnaryOperator.identity(), scene -> {
            scene.peer().auth(info);
            assertThat(scene.peer().createChild(info)).contains(RESOURCE_INFO);
            assertThat(scene.end().children()).hasSize(2);
        });
        asked(
                (request, usual) -> makesChild(request) ? plus(usual, info) : usual,
                scene -> assertThat(scene.end().children()).hasSize(3));
    }

    /** CFG_REQUEST and CFG_SET with an address, the attribute that is none any more (5), a version and an unknown one. */
    @Holds({"7296-1.7-a", "7296-2.19-e", "7296-2.20-a", "7296-3.15.1-f", "7296-3.15.1-i", "7296-3.15.1-j"})
    @Test
    void configurationPayloadIsPassedOverAndNoneIsSent_rfc7296_2_20() {
        for (String kind : new String[] {"01", "03"}) {
            Payload configuration = new Payload.Opaque(
                    47, Bytes.hex(kind + "000000" + "00010000" + "0005000400000e10" + "00070000" + "7fff0001aa"));
            began(UnaryOperator.identity(), scene -> {
                List<Payload> auth = scene.peer().auth(RESOURCE_INFO, configuration);
                assertThat(auth).extracting(Payload::type).containsExactly(36, 39, 33, 44, 45, 41);
                assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, configuration))
                        .isEmpty();
                assertThat(scene.end().isUp()).isTrue();
            });
        }
    }

    @Holds({"7296-2.21.2-b", "7296-2.21.2-c"})
    @Test
    void authenticationThatCannotBeReadIsRefusedAsAWhole_rfc7296_2_21_2() {
        record Broken(int first, String octets, Payload answer) {}
        for (Broken broken : List.of(
                new Broken(99, "23800004", Payload.Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.hex("63"))),
                new Broken(35, "00000003", Payload.Notify.of(NotifyType.INVALID_SYNTAX)),
                new Broken(35, "0000000b01000000c00002", Payload.Notify.of(NotifyType.INVALID_SYNTAX)))) {
            began(UnaryOperator.identity(), scene -> {
                Bytes request = scene.peer().sealed(ExchangeType.IKE_AUTH, broken.first(), Bytes.hex(broken.octets()));
                assertThat(scene.peer().askRaw(request)).containsExactly(broken.answer());
                scene.world().runFor(Duration.ofSeconds(1));
                assertThat(scene.end().isUp()).isFalse();
                assertThat(scene.end().kernel().sas()).isEmpty();
                assertThat(scene.end().gateway().hasTold("ike-up")).isFalse();
            });
        }
    }

    @Holds({"7296-1-b", "7296-1.4-a"})
    @ParameterizedTest
    @EnumSource(
            value = ExchangeType.class,
            names = {"CREATE_CHILD_SA", "INFORMATIONAL"})
    void nothingIsDoneForWhoHasNotProvenItself_rfc7296_1(ExchangeType exchange) {
        for (Payload payload : List.of(
                new Payload.Delete(1, List.of()),
                new Payload.Delete(3, List.of(Bytes.hex("01020304"))),
                Payload.Notify.of(NotifyType.INITIAL_CONTACT),
                Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED))) {
            began(UnaryOperator.identity(), scene -> {
                assertThat(scene.peer().ask(exchange, payload))
                        .containsExactly(Payload.Notify.of(NotifyType.INVALID_SYNTAX));
                scene.world().runFor(Duration.ofSeconds(1));
                assertThat(scene.end().isUp()).isFalse();
                assertThat(scene.end().lastError()).isEmpty();
            });
        }
    }

    @Holds("7296-1.2-f")
    @Test
    void keyExchangeThatIsOfferedInIkeAuthIsNotAnswered_rfc7296_1_2() {
        for (int method : new int[] {0, KeyExchangeMethod.CURVE25519.code()}) {
            UnaryOperator<List<Payload>> withMethod = payloads -> payloads.stream()
                    .map(payload -> payload instanceof Payload.SecurityAssociation sa
                                    && sa.proposals().get(0).protocol() == 3
                            ? with(sa, Transform.of(4, method, 0))
                            : payload)
                    .toList();
            began(withMethod, scene -> {
                List<Payload> answer = scene.peer().auth();
                Payload.SecurityAssociation granted = answer.stream()
                        .filter(Payload.SecurityAssociation.class::isInstance)
                        .map(Payload.SecurityAssociation.class::cast)
                        .findFirst()
                        .orElseThrow();
                assertThat(granted.proposals().get(0).transforms())
                        .extracting(Transform::type)
                        .containsExactlyInAnyOrder(1, 5);
            });
        }
    }

    private static Payload with(Payload.SecurityAssociation sa, Transform another) {
        return new Payload.SecurityAssociation(sa.proposals().stream()
                .map(proposal -> new Proposal(
                        proposal.number(),
                        proposal.protocol(),
                        proposal.spi(),
                        Stream.concat(proposal.transforms().stream(), Stream.of(another))
                                .toList()))
                .toList());
    }

    @Holds({"7296-2-a", "7296-2-b"})
    @ParameterizedTest
    @ValueSource(ints = {1280, 3000, 20_000})
    void largeMessagesAreUnderstood_rfc7296_2(int size) {
        Payload large = new Payload.VendorId(Bytes.of(new byte[size]));
        began(payloads -> plus(payloads, large), scene -> {
            scene.peer().auth(RESOURCE_INFO);
            scene.peer().createChild(RESOURCE_INFO);
            assertThat(scene.end().children()).hasSize(2);
        });
        asked(
                (request, usual) -> plus(makesChild(request) ? plus(usual, RESOURCE_INFO) : usual, large),
                scene -> assertThat(scene.end().children()).hasSize(3));
    }

    /** First a cookie, then another key exchange, and for that a cookie of its own: three forms after the first. */
    @Holds("7296-2.6.1-b")
    @Test
    void cookieThatIsGoodForOneFormOnlyIsFollowed_rfc7296_2_6_1() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().ike(Proposals.ike(KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ECP_256));
            tunnels.right().ike(Proposals.ike(KeyExchangeMethod.ECP_256, KeyExchangeMethod.CURVE25519));
            List<String> cookies = new ArrayList<>();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).answering((request, usual) -> {
                if (request.exchange() != ExchangeType.IKE_SA_INIT) {
                    return usual;
                }
                cookies.add(request.notify(NotifyType.COOKIE).map(Bytes::toHex).orElse("none"));
                return switch (cookies.size()) {
                    case 1 -> List.of(Payload.Notify.of(NotifyType.COOKIE, Bytes.hex("01")));
                    case 2 -> List.of(Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, Bytes.hex("0013")));
                    case 3 -> List.of(Payload.Notify.of(NotifyType.COOKIE, Bytes.hex("0203")));
                    default -> usual;
                };
            });
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            assertThat(left.isUp()).isTrue();
            assertThat(left.status().ikeSuite()).endsWith("/ECP_256");
            assertThat(cookies).containsExactly("none", "01", "01", "0203");
            assertThat(peer.heard()).isNotEmpty();
        });
    }

    /** Nothing proves IKE_SA_INIT's answer: one that does not fit is waited out, and then the attempt has failed. */
    @Holds({"7296-3.3.6-e", "7296-3.3.6-f"})
    @Test
    void firstAnswerThatChoosesWhatWasNotOfferedIsNotTaken_rfc7296_3_3_6() {
        List<Transform> offered = List.of(Transform.of(1, 20, 256), Transform.of(2, 5, 0), Transform.of(4, 31, 0));
        for (int which = 0; which < offered.size(); which++) {
            List<Transform> other = new ArrayList<>(offered);
            other.set(which, Transform.of(which == 2 ? 4 : which + 1, which == 0 ? 28 : which == 1 ? 7 : 19, 0));
            Payload sa = new Payload.SecurityAssociation(List.of(new Proposal(1, 1, Bytes.empty(), other)));
            asked(
                    (request, usual) -> request.exchange() == ExchangeType.IKE_SA_INIT
                            ? Stream.concat(Stream.of(sa), usual.stream().skip(1))
                                    .toList()
                            : usual,
                    scene -> {
                        assertThat(scene.end().gateway().told())
                                .noneMatch(event -> event.text().contains("AUTHENTICATING"));
                        scene.world().runFor(Duration.ofSeconds(3));
                        assertThat(scene.end().lastError()).startsWith("no-proposal-chosen: ");
                    });
        }
    }

    /** AUTH covers the field as it was sent (RFC 7296 §2.15). */
    @Holds({"7296-2.5-h", "7296-3.5-b"})
    @Test
    void reservedBitsOfTheIdentityAreIgnoredButSigned_rfc7296_3_5() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left()).idReserved(0xabcdef);
            peer.init();
            peer.auth();
            assertThat(right.isUp()).isTrue();
        });
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer.started(world, tunnels.right()).idReserved(1);
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            assertThat(left.isUp()).isTrue();
        });
    }
}
