package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages outside of any IKE SA, from a peer's address, which anybody can use (RFC 7296 §1.5, §2.21.4). */
final class StrangersTest {
    private static final IpAddress STRANGER = IpAddress.parse("203.0.113.7");
    private static final IkeSpi ONE = new IkeSpi(0x1111_1111_1111_1111L);
    private static final IkeSpi OTHER = new IkeSpi(0x2222_2222_2222_2222L);

    /** A tunnel that is up and quiet; the left end is spoken to. */
    private record Scene(World world, Pair pair, Wiretap wiretap, IkeHeader last) {
        /** What the left end sends when {@code octets} come from {@code source}. */
        List<Wiretap.Heard> answers(Endpoint source, Bytes octets) {
            wiretap.forget();
            world.network()
                    .inject(pair.right().gateway(), Parcel.ike(source, new Endpoint(Tunnels.LEFT, 500), octets, false));
            world.runFor(Duration.ofMillis(15));
            return wiretap.from(Tunnels.LEFT).toList();
        }

        List<Wiretap.Heard> answers(Bytes octets) {
            return answers(new Endpoint(Tunnels.RIGHT, 500), octets);
        }

        /** The header of a message of theirs in the IKE SA that there is. */
        IkeHeader known(ExchangeType exchange, boolean response, int messageId) {
            return IkeHeader.of(last.initiatorSpi(), last.responderSpi(), exchange.code(), false, response, messageId);
        }
    }

    private static void quiet(Consumer<Scene> plot) {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            IkeHeader last = wiretap.all().get(wiretap.all().size() - 1).header();
            List<ChildStatus> before = pair.left().children();
            plot.accept(new Scene(world, pair, wiretap, last));
            assertThat(pair.left().children()).isEqualTo(before);
            world.runFor(Duration.ofMinutes(2));
            pair.expectAgreement();
            assertThat(pair.left().children()).isEqualTo(before);
            assertThat(pair.left().lastError()).isEmpty();
        });
    }

    private static Bytes sealed(IkeHeader header) {
        Bytes body = Bytes.of(new byte[40]);
        return Bytes.concat(MessageCodec.sealedFrame(header, 0, body.size()), body);
    }

    private static IkeHeader unknown(ExchangeType exchange, boolean fromInitiator, boolean response) {
        return IkeHeader.of(ONE, OTHER, exchange.code(), fromInitiator, response, 7);
    }

    @Holds({"7296-2.21.4-b", "7296-2.21.4-c", "7296-2.21.4-d"})
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requestOfAnUnknownIkeSaIsAnsweredInTheClearToWhereItCameFrom_rfc7296_2_21_4(boolean fromInitiator) {
        quiet(scene -> {
            Endpoint source = new Endpoint(Tunnels.RIGHT, 40_000);
            List<Wiretap.Heard> answers =
                    scene.answers(source, sealed(unknown(ExchangeType.INFORMATIONAL, fromInitiator, false)));
            assertThat(answers).hasSize(1);
            Wiretap.Heard answer = answers.get(0);
            assertThat(answer.parcel().source()).isEqualTo(new Endpoint(Tunnels.LEFT, 500));
            assertThat(answer.parcel().destination()).isEqualTo(source);
            assertThat(answer.message().sealed()).isEmpty();
            assertThat(answer.message().payloads()).containsExactly(Payload.Notify.of(NotifyType.INVALID_IKE_SPI));
            IkeHeader header = answer.header();
            assertThat(header)
                    .isEqualTo(new IkeHeader(
                            ONE,
                            OTHER,
                            header.nextPayload(),
                            2,
                            0,
                            ExchangeType.INFORMATIONAL.code(),
                            !fromInitiator,
                            true,
                            7));
        });
    }

    @Holds({"7296-2.21.4-a", "7296-3.1-n"})
    @ParameterizedTest
    @EnumSource(ExchangeType.class)
    void responseIsNeverAnswered_rfc7296_3_1(ExchangeType exchange) {
        quiet(scene -> {
            for (boolean fromInitiator : new boolean[] {true, false}) {
                IkeHeader header = unknown(exchange, fromInitiator, true);
                assertThat(scene.answers(sealed(header))).isEmpty();
                assertThat(scene.answers(MessageCodec.encode(header, List.of())))
                        .isEmpty();
            }
            for (int id = 0; id < 8; id++) {
                IkeHeader header = scene.known(exchange, true, id);
                assertThat(scene.answers(sealed(header))).isEmpty();
                assertThat(scene.answers(MessageCodec.encode(header, List.of())))
                        .isEmpty();
            }
        });
    }

    @Test
    void unknownIkeSaOfAStrangersIsNotAnswered() {
        quiet(scene -> assertThat(scene.answers(
                        new Endpoint(STRANGER, 500), sealed(unknown(ExchangeType.INFORMATIONAL, true, false))))
                .isEmpty());
    }

    @Holds("7296-2.4-e")
    @Test
    void answersToTheUnprovenAreFew_rfc7296_2_21_4() {
        quiet(scene -> {
            int answers = 0;
            for (int i = 0; i < 400; i++) {
                answers += scene.answers(sealed(unknown(ExchangeType.INFORMATIONAL, true, false)))
                        .size();
            }
            // In six seconds: a burst, and ten in each second.
            assertThat(answers).isBetween(60, 90);
        });
    }

    /** INVALID_SPI comes with any SPIs, as a request that is none (RFC 7296 §1.5). */
    private static Bytes complaint(IkeHeader header, NotifyType type) {
        Bytes data = type == NotifyType.INVALID_SPI ? Bytes.hex("12345678") : Bytes.empty();
        return MessageCodec.encode(header, List.of(Payload.Notify.of(type, data)));
    }

    @Holds({"7296-1.5-a", "7296-2.21.4-e", "7296-2.21.4-f", "7296-2.4-c", "4555-5.3-a"})
    @ParameterizedTest
    @EnumSource(
            value = NotifyType.class,
            names = {"INVALID_SPI", "INVALID_IKE_SPI"})
    void unprovenComplaintIsNotAnsweredAndMakesUsAskForLifeAtMost_rfc7296_2_21_4(NotifyType type) {
        quiet(scene -> {
            List<Bytes> complaints = new ArrayList<>();
            for (boolean response : new boolean[] {false, true}) {
                complaints.add(complaint(unknown(ExchangeType.INFORMATIONAL, true, response), type));
                complaints.add(complaint(unknown(ExchangeType.CREATE_CHILD_SA, false, response), type));
                complaints.add(complaint(scene.known(ExchangeType.INFORMATIONAL, response, 9), type));
            }
            for (Bytes octets : complaints) {
                // Each after a while, so that each is heeded.
                scene.world().runFor(Duration.ofSeconds(11));
                List<Wiretap.Heard> sent = scene.answers(octets);
                assertThat(sent).hasSize(1);
                assertThat(sent.get(0).is(ExchangeType.INFORMATIONAL, false)).isTrue();
                assertThat(sent.get(0).message().sealed()).isPresent();
                assertThat(sent.get(0).header().initiatorSpi())
                        .isEqualTo(scene.last().initiatorSpi());
            }
        });
    }

    @Holds({"7296-2.21.4-g", "7296-2.4-e"})
    @Test
    void lifeIsAskedForSeldomHoweverManyComplain_rfc7296_2_21_4() {
        quiet(scene -> {
            Bytes octets = complaint(unknown(ExchangeType.INFORMATIONAL, true, true), NotifyType.INVALID_IKE_SPI);
            int asked = 0;
            for (int i = 0; i < 2_000; i++) {
                asked += scene.answers(octets).size();
            }
            // In half a minute.
            assertThat(asked).isBetween(3, 5);
        });
    }

    /** While a request of ours is open, an answer to it in the clear is none. */
    @Holds({"7296-2.4-c", "7296-2.21.4-f"})
    @ParameterizedTest
    @EnumSource(NotifyType.class)
    void unprovenAnswerToOurRequestChangesNothing_rfc7296_2_4(NotifyType type) {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            List<ChildStatus> before = pair.left().children();
            world.network().censor(parcels -> {
                List<Parcel> all = new ArrayList<>();
                parcels.forEach(parcel -> all.addAll(answeredFirst(parcel, type)));
                return all;
            });
            world.runFor(Duration.ofMinutes(3));
            pair.expectAgreement();
            assertThat(pair.left().children()).isEqualTo(before);
            assertThat(pair.left().lastError()).isEmpty();
        });
    }

    /** A forged answer arrives before the genuine one. */
    private static List<Parcel> answeredFirst(Parcel parcel, NotifyType type) {
        try {
            IkeHeader header = MessageCodec.decodeHeader(((Parcel.Cargo.Ike) parcel.cargo()).octets());
            Bytes forged = MessageCodec.encode(header, List.of(Payload.Notify.of(type)));
            return header.response()
                    ? List.of(Parcel.ike(parcel.source(), parcel.destination(), forged, false), parcel)
                    : List.of(parcel);
        } catch (DecodeException broken) {
            throw new AssertionError(broken);
        }
    }
}
