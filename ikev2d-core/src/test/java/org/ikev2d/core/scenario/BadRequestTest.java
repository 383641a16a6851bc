package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.PayloadType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.wire.Transform;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that has proven itself and then talks nonsense: it is told so, and its IKE SA lives on. */
final class BadRequestTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
    private static final Payload NONCE = new Payload.Nonce(Bytes.of(new byte[32]));
    private static final Payload TS_I = new Payload.TrafficSelectors(true, List.of(Tunnels.net(1)));
    private static final Payload TS_R = new Payload.TrafficSelectors(false, List.of(Tunnels.net(2)));

    private record Scene(World world, HandmadePeer peer, End end) {
        /** Whatever was said, the IKE SA is alive, answers, and the kernel holds what the status tells. */
        void expectUnharmed(List<ChildStatus> before) {
            assertThat(peer.ask(ExchangeType.INFORMATIONAL)).isEmpty();
            assertThat(end.children()).isEqualTo(before);
            end.expectKernelAsTold();
            assertThat(end.isUp()).isTrue();
        }
    }

    private static void established(Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(4), tunnels.right())
                    .tune(Tuning.inboundGrace(Duration.ZERO))
                    .start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            peer.auth(RESOURCE_INFO);
            peer.createChild(RESOURCE_INFO);
            // Our end makes what is missing, and is done.
            world.runFor(Duration.ofSeconds(4));
            plot.accept(new Scene(world, peer, right));
        });
    }

    private static Payload sa(int protocol, String spi, Transform... transforms) {
        return new Payload.SecurityAssociation(List.of(new Proposal(1, protocol, Bytes.hex(spi), List.of(transforms))));
    }

    private static Payload esp() {
        return sa(ProtocolId.ESP.code(), "d0000001", Transform.of(1, 20, 128), Transform.of(5, 1, 0));
    }

    private static Payload error(NotifyType type) {
        return Payload.Notify.of(type);
    }

    /** A request and what it is answered with. */
    private record Wrong(String what, ExchangeType exchange, List<Payload> request, Payload answer) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Wrong child(String what, Payload answer, Payload... request) {
        return new Wrong(what, ExchangeType.CREATE_CHILD_SA, List.of(request), answer);
    }

    static Stream<Wrong> wrongRequests() {
        Payload syntax = error(NotifyType.INVALID_SYNTAX);
        Payload nothing = error(NotifyType.NO_PROPOSAL_CHOSEN);
        Payload elsewhere = new Payload.TrafficSelectors(true, List.of(Tunnels.net(9)));
        Payload.Notify rekey = new Payload.Notify(
                ProtocolId.ESP.code(), Bytes.hex("deadbeef"), NotifyType.REKEY_SA.code(), Bytes.empty());
        Payload missing = new Payload.Notify(
                ProtocolId.ESP.code(), Bytes.hex("deadbeef"), NotifyType.CHILD_SA_NOT_FOUND.code(), Bytes.empty());
        return Stream.of(
                child("nothing at all", syntax),
                child("no SA", syntax, NONCE, TS_I, TS_R, RESOURCE_INFO),
                child("two SAs", syntax, esp(), esp(), NONCE, TS_I, TS_R, RESOURCE_INFO),
                child("no nonce", syntax, esp(), TS_I, TS_R, RESOURCE_INFO),
                child("two nonces", syntax, esp(), NONCE, NONCE, TS_I, TS_R, RESOURCE_INFO),
                child("no TSi", syntax, esp(), NONCE, TS_R, RESOURCE_INFO),
                child("no TSr", syntax, esp(), NONCE, TS_I, RESOURCE_INFO),
                child("two TSr", syntax, esp(), NONCE, TS_I, TS_R, TS_R, RESOURCE_INFO),
                child(
                        "a cipher we do not have",
                        nothing,
                        sa(3, "d0000001", Transform.of(1, 3, 0), Transform.of(5, 0, 0)),
                        NONCE,
                        TS_I,
                        TS_R,
                        RESOURCE_INFO),
                child(
                        "another cipher than the set's",
                        nothing,
                        sa(3, "d0000001", Transform.of(1, 20, 256), Transform.of(5, 1, 0)),
                        NONCE,
                        TS_I,
                        TS_R,
                        RESOURCE_INFO),
                child(
                        "a reserved SPI",
                        nothing,
                        sa(3, "000000ff", Transform.of(1, 20, 128), Transform.of(5, 1, 0)),
                        NONCE,
                        TS_I,
                        TS_R,
                        RESOURCE_INFO),
                child(
                        "AH",
                        nothing,
                        sa(2, "d0000001", Transform.of(3, 12, 0), Transform.of(5, 1, 0)),
                        NONCE,
                        TS_I,
                        TS_R,
                        RESOURCE_INFO),
                child(
                        "other selectors",
                        error(NotifyType.TS_UNACCEPTABLE),
                        esp(),
                        NONCE,
                        elsewhere,
                        TS_R,
                        RESOURCE_INFO),
                child("not one of the set", error(NotifyType.NO_ADDITIONAL_SAS), esp(), NONCE, TS_I, TS_R),
                child("a rekey of what is not there", missing, rekey, esp(), NONCE, TS_I, TS_R),
                child(
                        "a rekey of the IKE SA with a public value that is none",
                        syntax,
                        sa(
                                1,
                                "0102030405060708",
                                Transform.of(1, 20, 256),
                                Transform.of(2, 5, 0),
                                Transform.of(4, 31, 0)),
                        NONCE,
                        new Payload.KeyExchange(31, Bytes.of(new byte[32]))),
                new Wrong("IKE_AUTH again", ExchangeType.IKE_AUTH, List.of(), syntax),
                new Wrong("IKE_INTERMEDIATE", ExchangeType.IKE_INTERMEDIATE, List.of(), syntax));
    }

    @Holds({"7296-1.3.1-c", "7296-2.21.3-a", "7296-3.10.1-d", "9611-3-a"})
    @ParameterizedTest
    @MethodSource("wrongRequests")
    void wrongRequestIsAnsweredWithWhatIsWrong_rfc7296_2_21_3(Wrong wrong) {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            List<Payload> answer =
                    scene.peer().ask(wrong.exchange(), wrong.request().toArray(Payload[]::new));
            assertThat(answer).containsExactly(wrong.answer());
            scene.expectUnharmed(before);
        });
    }

    static Stream<Integer> knownPayloads() {
        return IntStream.rangeClosed(33, 48).boxed();
    }

    /** Proven, but not to be decoded: all of it, and each octet of it. */
    @Holds("7296-2.21.3-a")
    @ParameterizedTest
    @MethodSource("knownPayloads")
    void payloadThatCannotBeDecodedIsAnsweredAndDoesNoHarm_rfc7296_2_21_3(int type) {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            for (int size : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 40}) {
                for (int fill : new int[] {0x00, 0x01, 0xff}) {
                    byte[] body = new byte[size];
                    Arrays.fill(body, (byte) fill);
                    scene.peer().ask(ExchangeType.CREATE_CHILD_SA, new Payload.Opaque(type, Bytes.wrap(body)));
                }
            }
            scene.expectUnharmed(before);
        });
    }

    /** Whole chains of any octets, proven: most are nothing, some are something. */
    @ParameterizedTest
    @EnumSource(
            value = ExchangeType.class,
            names = {"CREATE_CHILD_SA", "INFORMATIONAL", "IKE_AUTH"})
    void provenNoiseDoesNoHarm(ExchangeType exchange) {
        established(scene -> {
            Random random = new Random(exchange.code());
            for (int i = 0; i < 300; i++) {
                byte[] octets = new byte[random.nextInt(60)];
                random.nextBytes(octets);
                if (octets.length > 3 && random.nextBoolean()) {
                    octets[1] = 0;
                    octets[2] = 0;
                    octets[3] = (byte) octets.length;
                    octets[0] = 0;
                }
                int first = 33 + random.nextInt(16);
                scene.peer().askRaw(scene.peer().sealed(exchange, first, Bytes.wrap(octets)));
            }
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL)).isEmpty();
            scene.end().expectKernelAsTold();
        });
    }

    @Holds({"7296-2.5-i", "7296-2.5-j", "7296-2.5-k", "7296-2.5-l"})
    @Test
    void unknownPayloadIsPassedOverAndUnknownCriticalOneIsNamed_rfc7296_2_5() {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, new Payload.Opaque(200, Bytes.hex("0102"))))
                    .isEmpty();
            assertThat(scene.peer().askRaw(scene.peer().sealed(ExchangeType.INFORMATIONAL, 201, Bytes.hex("00800004"))))
                    .containsExactly(Payload.Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.hex("c9")));
            scene.expectUnharmed(before);
        });
    }

    @Holds("7296-2.25.1-g")
    @Test
    void deletesOfWhatIsNotThereAreAnsweredEmpty_rfc7296_1_4_1() {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            for (List<Bytes> spis : List.of(
                    List.<Bytes>of(),
                    List.of(Bytes.hex("deadbeef")),
                    List.of(Bytes.hex("00000000"), Bytes.hex("000000ff")))) {
                assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, new Payload.Delete(3, spis)))
                        .isEmpty();
            }
            assertThat(scene.peer()
                            .ask(ExchangeType.INFORMATIONAL, new Payload.Delete(2, List.of(Bytes.hex("deadbeef")))))
                    .isEmpty();
            scene.expectUnharmed(before);
        });
    }

    @Holds({"7296-1.4-d", "7296-2.21.4-j"})
    @ParameterizedTest
    @EnumSource(NotifyType.class)
    void strayNotifyIsAnsweredEmpty(NotifyType type) {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, Payload.Notify.of(type)))
                    .isEmpty();
            if (type == NotifyType.AUTHENTICATION_FAILED) {
                // The one that means something: the peer does not believe us (RFC 7296 §2.21.2).
                assertThat(scene.end().isUp()).isFalse();
                assertThat(scene.end().kernel().sas()).isEmpty();
                assertThat(scene.end().lastError()).startsWith("authentication-failed: ");
            } else {
                scene.expectUnharmed(before);
            }
        });
    }

    @Holds({"7296-1.4.1-a", "7296-1.4.1-b", "7296-1.4.1-c"})
    @Test
    void deletedPerCpuSaGoesAndItsOtherHalfIsNamed_rfc7296_1_4_1() {
        established(scene -> {
            ChildStatus child = scene.end().children().get(1);
            List<Payload> answer = scene.peer()
                    .ask(
                            ExchangeType.INFORMATIONAL,
                            new Payload.Delete(3, List.of(child.outbound().spi().toBytes())));
            assertThat(answer)
                    .containsExactly(
                            new Payload.Delete(3, List.of(child.inbound().spi().toBytes())));
            assertThat(scene.end().children()).doesNotContain(child);
            scene.end().expectKernelAsTold();
        });
    }

    @Holds({"7296-1.4.1-c", "7296-3.11-a", "7296-3.11-b"})
    @Test
    void severalAreDeletedAtOnce_rfc7296_1_4_1() {
        established(scene -> {
            scene.peer().createChild(RESOURCE_INFO);
            scene.peer().createChild(RESOURCE_INFO);
            List<Bytes> theirs = new ArrayList<>();
            List<Bytes> ours = new ArrayList<>();
            for (ChildStatus child : scene.end().children().subList(1, 4)) {
                theirs.add(child.outbound().spi().toBytes());
                ours.add(child.inbound().spi().toBytes());
            }
            assertThat(scene.peer().ask(ExchangeType.INFORMATIONAL, new Payload.Delete(3, theirs)))
                    .containsExactly(new Payload.Delete(3, ours));
            scene.end().expectKernelAsTold();
        });
    }

    /** RFC 9611 has no such rule, but on Linux nothing asks per CPU without one, and nothing falls back. */
    @Test
    void deletedFallbackEndsTheIkeSa() {
        established(scene -> {
            ChildStatus fallback = scene.end().children().get(0);
            scene.peer()
                    .ask(
                            ExchangeType.INFORMATIONAL,
                            new Payload.Delete(
                                    3, List.of(fallback.outbound().spi().toBytes())));
            scene.world().runFor(Duration.ofMillis(100));
            assertThat(scene.peer().heard())
                    .anyMatch(request ->
                            request.deletes().anyMatch(delete -> delete.protocol() == ProtocolId.IKE.code()));
            assertThat(scene.end().kernel().sas()).isEmpty();
        });
    }

    @Test
    void rekeyedPerCpuSaStaysOnItsCpu_rfc9611_4() {
        established(scene -> {
            ChildStatus old = scene.end().children().get(1);
            Payload.Notify rekey =
                    new Payload.Notify(3, old.outbound().spi().toBytes(), NotifyType.REKEY_SA.code(), Bytes.empty());
            List<Payload> answer = scene.peer().createChild(rekey);
            assertThat(answer).anyMatch(Payload.SecurityAssociation.class::isInstance);
            scene.peer()
                    .ask(
                            ExchangeType.INFORMATIONAL,
                            new Payload.Delete(3, List.of(old.outbound().spi().toBytes())));
            List<ChildStatus> children = scene.end().children();
            assertThat(children).doesNotContain(old);
            assertThat(children.get(children.size() - 1).cpu()).isEqualTo(old.cpu());
            scene.end().expectKernelAsTold();
        });
    }

    @Test
    void rekeyedFallbackIsTheFallback() {
        established(scene -> {
            ChildStatus old = scene.end().children().get(0);
            Payload.Notify rekey =
                    new Payload.Notify(3, old.outbound().spi().toBytes(), NotifyType.REKEY_SA.code(), Bytes.empty());
            scene.peer().createChild(rekey);
            scene.peer()
                    .ask(
                            ExchangeType.INFORMATIONAL,
                            new Payload.Delete(3, List.of(old.outbound().spi().toBytes())));
            assertThat(scene.end().isUp()).isTrue();
            assertThat(scene.end().children())
                    .filteredOn(child -> child.kind() == old.kind())
                    .hasSize(1);
            scene.end().expectKernelAsTold();
        });
    }

    @Test
    void opaqueSelectorsAreNoCommonOnes() {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            TrafficSelector opaque = new TrafficSelector(17, 0xffff, 0, Tunnels.host(1), Tunnels.host(1));
            List<Payload> answer = scene.peer()
                    .ask(
                            ExchangeType.CREATE_CHILD_SA,
                            esp(),
                            NONCE,
                            new Payload.TrafficSelectors(true, List.of(opaque)),
                            TS_R,
                            RESOURCE_INFO);
            assertThat(answer).containsExactly(error(NotifyType.TS_UNACCEPTABLE));
            scene.expectUnharmed(before);
        });
    }

    @Test
    void everyPayloadTypeIsTried() {
        assertThat(knownPayloads())
                .containsAll(Stream.of(PayloadType.values())
                        .map(PayloadType::code)
                        .filter(code -> code <= 48)
                        .toList());
    }
}
