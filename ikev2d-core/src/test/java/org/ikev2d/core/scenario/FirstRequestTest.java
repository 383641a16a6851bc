package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.IkeHeader;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.wire.MessageCodec;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Parcel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IKE_SA_INIT requests in forms that a peer of another make, or of another time, may send. */
final class FirstRequestTest {
    private static final int VERSION = 17;
    private static final int FLAGS = 19;
    private static final Endpoint PEER = new Endpoint(Tunnels.LEFT, 500);
    private static final Endpoint OURS = new Endpoint(Tunnels.RIGHT, 500);

    /** What our end is sent is one genuine request, altered; what it answers reaches nobody. */
    private static final class Scene {
        private final World world;
        private final End end;
        private final Wiretap wiretap;
        private final List<Payload> genuine;
        private final End peer;
        private long attempts;

        private Scene(World world, int cookieThreshold) {
            this.world = world;
            this.wiretap = Wiretap.in(world).losing(message -> true);
            Tunnels tunnels = Tunnels.pair();
            this.end = new End(world, "right", Cpus.firstOnes(1), tunnels.right())
                    .tune(Tuning.cookieThreshold(cookieThreshold))
                    .start();
            this.peer = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            this.genuine = wiretap.all().get(0).message().payloads();
        }

        /** A new attempt, with these payloads. */
        Bytes request(List<Payload> payloads) {
            IkeHeader header =
                    IkeHeader.of(new IkeSpi(++attempts), IkeSpi.NONE, ExchangeType.IKE_SA_INIT.code(), true, false, 0);
            return MessageCodec.encode(header, payloads);
        }

        Bytes request() {
            return request(genuine);
        }

        List<Wiretap.Heard> sentFor(Endpoint from, Endpoint to, Bytes octets) {
            wiretap.forget();
            world.network().inject(peer.gateway(), Parcel.ike(from, to, octets, to.port() == 4500));
            world.runFor(Duration.ofMillis(20));
            return wiretap.from(Tunnels.RIGHT).toList();
        }

        /** The answer's payloads; there is one. */
        List<Payload> answer(Bytes octets) {
            List<Wiretap.Heard> sent = sentFor(PEER, OURS, octets);
            assertThat(sent).hasSize(1);
            return sent.get(0).message().payloads();
        }

        void expectAgreement(Bytes octets) {
            assertThat(answer(octets))
                    .hasAtLeastOneElementOfType(Payload.SecurityAssociation.class)
                    .hasAtLeastOneElementOfType(Payload.KeyExchange.class)
                    .hasAtLeastOneElementOfType(Payload.Nonce.class);
        }

        long begun() {
            return end.gateway().told().stream()
                    .filter(event ->
                            event.code().equals("ike-state") && event.text().contains("AUTHENTICATING"))
                    .count();
        }
    }

    private static void play(int cookieThreshold, Consumer<Scene> plot) {
        World.play(1, world -> plot.accept(new Scene(world, cookieThreshold)));
    }

    private static Bytes with(Bytes octets, int at, int value) {
        byte[] altered = octets.toArray();
        altered[at] = (byte) value;
        return Bytes.wrap(altered);
    }

    @Holds({"7296-2.5-a", "7296-3.1-i"})
    @Test
    void minorVersionIsIgnored_rfc7296_2_5() {
        play(99, scene -> {
            for (int minor = 1; minor < 16; minor++) {
                Bytes request = with(scene.request(), VERSION, 0x20 | minor);
                List<Wiretap.Heard> sent = scene.sentFor(PEER, OURS, request);
                assertThat(sent).hasSize(1);
                assertThat(sent.get(0).octets().at(VERSION)).isEqualTo(0x20);
                assertThat(sent.get(0).message().payloads()).hasSizeGreaterThan(3);
            }
        });
    }

    @Holds({"7296-2.5-b", "7296-2.5-c", "7296-3.1-g"})
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 15})
    void higherMajorVersionIsAnsweredWithOurs_rfc7296_2_5(int major) {
        play(99, scene -> {
            List<Wiretap.Heard> sent = scene.sentFor(PEER, OURS, with(scene.request(), VERSION, major << 4));
            assertThat(sent).hasSize(1);
            assertThat(sent.get(0).octets().at(VERSION)).isEqualTo(0x20);
            assertThat(sent.get(0).message().payloads())
                    .containsExactly(Payload.Notify.of(NotifyType.INVALID_MAJOR_VERSION));
            assertThat(scene.begun()).isZero();
        });
    }

    @Test
    void lowerMajorVersionIsDropped() {
        play(99, scene -> {
            assertThat(scene.sentFor(PEER, OURS, with(scene.request(), VERSION, 0x10)))
                    .isEmpty();
            assertThat(scene.begun()).isZero();
        });
    }

    @Holds({"7296-3.1-k", "7296-3.1-p"})
    @Test
    void versionFlagAndFlagsWithoutMeaningAreIgnored_rfc7296_3_1() {
        play(99, scene -> {
            for (int flag : new int[] {0x01, 0x02, 0x04, 0x10, 0x40, 0x80, 0xd7}) {
                scene.expectAgreement(with(scene.request(), FLAGS, 0x08 | flag));
            }
        });
    }

    @Holds({"7296-1.7-b", "7296-2.5-o"})
    @Test
    void payloadsMayComeInAnyOrder_rfc7296_2_5() {
        play(99, scene -> {
            List<Payload> payloads = new ArrayList<>(scene.genuine);
            for (int turn = 0; turn < payloads.size(); turn++) {
                Collections.rotate(payloads, 1);
                scene.expectAgreement(scene.request(payloads));
                Collections.reverse(payloads);
                scene.expectAgreement(scene.request(payloads));
                Collections.reverse(payloads);
            }
        });
    }

    @Holds({"7296-2.5-i", "7296-2.5-l", "7296-3.10.1-b", "7296-3.10.1-c", "7296-3.12-c", "7296-3.2-c"})
    @Test
    void whatIsNotKnownIsPassedOver_rfc7296_2_5() {
        play(99, scene -> {
            for (Payload strange : List.of(
                    new Payload.Opaque(1, Bytes.hex("0102")),
                    new Payload.Opaque(200, Bytes.empty()),
                    new Payload.VendorId(Bytes.empty()),
                    new Payload.VendorId(Bytes.hex("4f70656e494b4544")),
                    new Payload.Notify(0, Bytes.empty(), 8191, Bytes.hex("00")),
                    new Payload.Notify(0, Bytes.empty(), 40959, Bytes.hex("00")),
                    new Payload.Notify(7, Bytes.hex("ff"), 65535, Bytes.empty()),
                    new Payload.CertificateRequest(99, Bytes.of(new byte[20])))) {
                List<Payload> first = Stream.concat(Stream.of(strange), scene.genuine.stream())
                        .toList();
                scene.expectAgreement(scene.request(first));
                List<Payload> last = Stream.concat(scene.genuine.stream(), Stream.of(strange))
                        .toList();
                scene.expectAgreement(scene.request(last));
            }
        });
    }

    @Holds("7296-3.2-c")
    @Test
    void criticalBitOfKnownPayloadsIsIgnored_rfc7296_3_2() {
        play(99, scene -> {
            Bytes request = scene.request();
            for (int at = IkeHeader.SIZE; at < request.size(); at += length(request, at)) {
                request = with(request, at + 1, 0xff);
            }
            scene.expectAgreement(request);
        });
    }

    private static int length(Bytes octets, int at) {
        return octets.at(at + 2) << 8 | octets.at(at + 3);
    }

    @Holds({"7296-2.5-j", "7296-2.5-k"})
    @Test
    void unknownCriticalPayloadIsNamed_rfc7296_2_5() {
        play(99, scene -> {
            List<Payload> payloads = new ArrayList<>(scene.genuine);
            payloads.add(0, new Payload.Opaque(77, Bytes.hex("0102")));
            Bytes request = with(scene.request(payloads), IkeHeader.SIZE + 1, 0x80);
            assertThat(scene.answer(request))
                    .containsExactly(Payload.Notify.of(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Bytes.hex("4d")));
            assertThat(scene.begun()).isZero();
        });
    }

    @Holds({"7296-2.11-a", "7296-2.11-b", "7296-2.11-c", "7296-2.23-b", "7296-2.23-c"})
    @Test
    void answerGoesToThePortThatTheRequestCameFromFromThatWhereItCame_rfc7296_2_11() {
        play(99, scene -> {
            for (int port : new int[] {1, 500, 1024, 4500, 40_000, 65_535}) {
                for (int ours : new int[] {500, 4500}) {
                    Endpoint from = new Endpoint(Tunnels.LEFT, port);
                    Endpoint to = new Endpoint(Tunnels.RIGHT, ours);
                    List<Wiretap.Heard> sent = scene.sentFor(from, to, scene.request());
                    assertThat(sent).hasSize(1);
                    assertThat(sent.get(0).parcel().source()).isEqualTo(to);
                    assertThat(sent.get(0).parcel().destination()).isEqualTo(from);
                    assertThat(sent.get(0).message().payloads()).hasSizeGreaterThan(3);
                }
            }
        });
    }

    // Cookies.

    private static Bytes cookie(List<Payload> answer) {
        assertThat(answer).hasSize(1);
        Payload.Notify notify = (Payload.Notify) answer.get(0);
        assertThat(notify.notifyType()).isEqualTo(NotifyType.COOKIE.code());
        return notify.data();
    }

    private Bytes again(Bytes request, Bytes cookie) {
        try {
            IkeHeader header = MessageCodec.decodeHeader(request);
            List<Payload> payloads =
                    new ArrayList<>(MessageCodec.decode(request).payloads());
            payloads.add(0, Payload.Notify.of(NotifyType.COOKIE, cookie));
            return MessageCodec.encode(header, payloads);
        } catch (DecodeException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Holds({"7296-2.6-b", "7296-2.6-c"})
    @Test
    void cookieIsDemandedOnceManyAreHalfOpen_rfc7296_2_6() {
        play(3, scene -> {
            for (int i = 0; i < 3; i++) {
                scene.expectAgreement(scene.request());
            }
            Bytes request = scene.request();
            Bytes cookie = cookie(scene.answer(request));
            assertThat(cookie.size()).isBetween(1, 64);
            assertThat(scene.begun()).isEqualTo(3);
            scene.expectAgreement(again(request, cookie));
            // Those that do not go on are forgotten, and nobody is asked any more.
            scene.world.runFor(Duration.ofSeconds(31));
            scene.expectAgreement(scene.request());
        });
    }

    @Holds("7296-2.6-f")
    @Test
    void cookieThatDoesNotMatchIsNone_rfc7296_2_6() {
        play(0, scene -> {
            Bytes request = scene.request();
            Bytes cookie = cookie(scene.answer(request));
            Bytes others = cookie(scene.answer(scene.request()));
            for (Bytes wrong : List.of(
                    Bytes.empty(),
                    others,
                    cookie.slice(0, cookie.size() - 1),
                    Bytes.concat(cookie, Bytes.of((byte) 0)),
                    with(cookie, 0, cookie.at(0) ^ 1),
                    with(cookie, 20, cookie.at(20) ^ 1),
                    Bytes.of(new byte[300]))) {
                assertThat(cookie(scene.answer(again(request, wrong)))).isEqualTo(cookie);
            }
            assertThat(scene.begun()).isZero();
            scene.expectAgreement(again(request, cookie));
        });
        // Without a need for cookies a wrong one is passed over.
        play(99, scene -> scene.expectAgreement(again(scene.request(), Bytes.hex("01"))));
    }

    /** What a cookie is good for: two minutes, one address, one attempt. */
    @Test
    void cookieFades() {
        play(0, scene -> {
            Bytes request = scene.request();
            Bytes cookie = cookie(scene.answer(request));
            scene.world.runFor(Duration.ofMinutes(3));
            assertThat(cookie(scene.answer(again(request, cookie)))).isNotEqualTo(cookie);
        });
    }
}
