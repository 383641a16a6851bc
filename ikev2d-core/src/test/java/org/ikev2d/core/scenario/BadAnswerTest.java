package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.IdType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.wire.Transform;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer that answers what it was not asked, or nonsense: what it broke is given up, and it is told so. */
final class BadAnswerTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);

    /** Makes of a good answer a bad one. */
    private record Twist(String what, UnaryOperator<List<Payload>> change) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Twist without(String what, Predicate<Payload> part) {
        return new Twist(
                "without " + what, usual -> usual.stream().filter(part.negate()).toList());
    }

    private static Twist with(String what, Payload another) {
        return new Twist(
                "with " + what,
                usual -> Stream.concat(usual.stream(), Stream.of(another)).toList());
    }

    private static Twist instead(String what, Predicate<Payload> part, Payload other) {
        return new Twist(
                what + " instead",
                usual -> usual.stream()
                        .map(payload -> part.test(payload) ? other : payload)
                        .toList());
    }

    private static Predicate<Payload> selectors(boolean initiator) {
        return payload -> payload instanceof Payload.TrafficSelectors found && found.initiator() == initiator;
    }

    private static Payload selected(boolean initiator, String... selectors) {
        return new Payload.TrafficSelectors(
                initiator, Stream.of(selectors).map(TrafficSelector::parse).toList());
    }

    private static Payload chosen(int protocol, String spi, Transform... transforms) {
        return new Payload.SecurityAssociation(List.of(new Proposal(1, protocol, Bytes.hex(spi), List.of(transforms))));
    }

    private static final Predicate<Payload> SA = Payload.SecurityAssociation.class::isInstance;
    private static final Predicate<Payload> NONCE = Payload.Nonce.class::isInstance;

    /** What goes wrong with the Child SA of either exchange. */
    private static Stream<Twist> childTwists() {
        Transform gcm = Transform.of(1, 20, 128);
        Transform esn = Transform.of(5, 1, 0);
        return Stream.of(
                without("SA", SA),
                without("TSi", selectors(true)),
                without("TSr", selectors(false)),
                with("another SA", chosen(3, "d0000001", gcm, esn)),
                with("another TSi", selected(true, "10.1.0.0/16")),
                instead("another cipher", SA, chosen(3, "d0000001", Transform.of(1, 20, 256), esn)),
                instead("no cipher", SA, chosen(3, "d0000001", esn)),
                instead("two ciphers", SA, chosen(3, "d0000001", gcm, Transform.of(1, 28, 0), esn)),
                instead("AH", SA, chosen(2, "d0000001", gcm, esn)),
                instead("a reserved SPI", SA, chosen(3, "000000ff", gcm, esn)),
                instead("a key exchange", SA, chosen(3, "d0000001", gcm, esn, Transform.of(4, 31, 0))),
                instead("wider TSi", selectors(true), selected(true, "10.0.0.0/8")),
                instead("wider TSr", selectors(false), selected(false, "0.0.0.0/0")),
                instead("other TSr", selectors(false), selected(false, "10.9.0.0/16")),
                instead("some more TSr", selectors(false), selected(false, "10.2.0.0/16", "10.9.0.0/16")));
    }

    static Stream<Twist> authTwists() {
        return Stream.concat(
                childTwists(),
                Stream.of(
                        without("AUTH", Payload.Authentication.class::isInstance),
                        without("IDr", Payload.Identification.class::isInstance),
                        instead(
                                "another IDr",
                                Payload.Identification.class::isInstance,
                                new Payload.Identification(false, TunnelDraft.textId(IdType.FQDN, "other.example"))),
                        instead(
                                "another proof",
                                Payload.Authentication.class::isInstance,
                                new Payload.Authentication(2, Bytes.of(new byte[32]))),
                        instead(
                                "a signature",
                                Payload.Authentication.class::isInstance,
                                new Payload.Authentication(14, Bytes.of(new byte[32]))),
                        with("another proof", new Payload.Authentication(2, Bytes.of(new byte[32]))),
                        with("garbage", new Payload.Opaque(33, Bytes.of(new byte[7]))),
                        new Twist("nothing", usual -> List.of())));
    }

    static Stream<Twist> furtherTwists() {
        return Stream.concat(
                childTwists(),
                Stream.of(
                        without("nonce", NONCE),
                        without("SA_RESOURCE_INFO", RESOURCE_INFO::equals),
                        with("another nonce", new Payload.Nonce(Bytes.of(new byte[16]))),
                        with("a KE payload nobody asked for", new Payload.KeyExchange(31, Bytes.of(new byte[31]))),
                        instead("narrower TSi", selectors(true), selected(true, "10.1.0.0/17")),
                        new Twist("nothing", usual -> List.of())));
    }

    private static List<Payload> informed(List<Payload> usual) {
        return Stream.concat(usual.stream(), Stream.of(RESOURCE_INFO)).toList();
    }

    private static boolean saidFarewell(HandmadePeer peer) {
        return peer.heard().stream()
                .flatMap(request -> request.deletes())
                .anyMatch(delete -> delete.protocol() == ProtocolId.IKE.code());
    }

    @Holds({"7296-1.2-b", "7296-3.3.6-e", "7296-3.3.6-f"})
    @ParameterizedTest
    @MethodSource("authTwists")
    void ikeSaWithoutAUsableFirstAnswerIsEndedAndTriedAgain_rfc7296_2_21_2(Twist twist) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            List<ExchangeType> auths = new ArrayList<>();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).answering((request, usual) -> {
                if (request.exchange() != ExchangeType.IKE_AUTH) {
                    return request.exchange() == ExchangeType.CREATE_CHILD_SA ? informed(usual) : usual;
                }
                auths.add(request.exchange());
                return auths.size() == 1 ? twist.change().apply(informed(usual)) : informed(usual);
            });
            End left = new End(world, "left", Cpus.firstOnes(2), tunnels.left()).start();
            world.runUntil(
                    "it is said",
                    Duration.ofMillis(200),
                    () -> !left.lastError().isEmpty());
            assertThat(left.kernel().sas()).isEmpty();
            assertThat(left.gateway().hasTold("ike-up")).isFalse();
            assertThat(saidFarewell(peer)).isTrue();
            world.runUntil(
                    "the next attempt",
                    Duration.ofSeconds(3),
                    () -> left.children().size() == 3);
        });
    }

    @Holds({"7296-1.3.1-c", "7296-3.3.6-e", "7296-2.4-h", "7296-2.21.3-b"})
    @ParameterizedTest
    @MethodSource("furtherTwists")
    void furtherSaWithoutAUsableAnswerIsGivenBackAndTheRestIsUnharmed(Twist twist) {
        // Nothing asked for a key exchange, and a payload too many is passed over.
        boolean harmless = twist.what().contains("nobody asked for");
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            List<ExchangeType> further = new ArrayList<>();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).answering((request, usual) -> {
                if (request.exchange() == ExchangeType.IKE_AUTH) {
                    return informed(usual);
                }
                if (request.exchange() == ExchangeType.CREATE_CHILD_SA) {
                    further.add(request.exchange());
                    return further.size() == 1 ? twist.change().apply(informed(usual)) : informed(usual);
                }
                return usual;
            });
            End left = new End(world, "left", Cpus.firstOnes(2), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            left.expectKernelAsTold();
            assertThat(left.isUp()).isTrue();
            assertThat(saidFarewell(peer)).isFalse();
            assertThat(left.perCpu()).isEqualTo(harmless ? 2 : 0);
            assertThat(left.status().note().isEmpty()).isEqualTo(harmless);
            boolean deleted = peer.heard().stream()
                    .flatMap(request -> request.deletes())
                    .anyMatch(delete -> delete.protocol() == ProtocolId.ESP.code());
            assertThat(deleted).isEqualTo(!harmless);
            assertThat(peer.heard()).noneMatch(request -> request.error().isPresent());
            world.runFor(Duration.ofMinutes(2));
            left.expectKernelAsTold();
            assertThat(left.isUp()).isTrue();
        });
    }

    /** Errors that a peer may answer a request for a further SA with: the set stays as it is, the IKE SA too. */
    @Holds("7296-1.3.1-c")
    @ParameterizedTest
    @EnumSource(
            value = NotifyType.class,
            names = {
                "NO_PROPOSAL_CHOSEN",
                "TS_UNACCEPTABLE",
                "TS_MAX_QUEUE",
                "NO_ADDITIONAL_SAS",
                "INVALID_SYNTAX",
                "TEMPORARY_FAILURE",
                "INVALID_KE_PAYLOAD",
                "SINGLE_PAIR_REQUIRED"
            })
    void errorForAFurtherSaIsLivedWith_rfc7296_1_3(NotifyType error) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right())
                    .answering((request, usual) -> switch (request.exchange()) {
                        case IKE_AUTH -> informed(usual);
                        case CREATE_CHILD_SA -> List.of(Payload.Notify.of(error));
                        default -> usual;
                    });
            End left = new End(world, "left", Cpus.firstOnes(2), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(100));
            left.expectKernelAsTold();
            assertThat(left.isUp()).isTrue();
            assertThat(left.children()).hasSize(1);
            assertThat(left.status().note()).contains(error.name());
            assertThat(saidFarewell(peer)).isFalse();
        });
    }

    @Test
    void deleteThatIsAnsweredWithNonsenseIsDone_rfc7296_1_4_1() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer.started(world, tunnels.right())
                    .answering((request, usual) -> request.deletes().findAny().isPresent()
                            ? List.of(new Payload.Opaque(33, Bytes.of(new byte[7])))
                            : usual);
            End left = new End(world, "left", Cpus.firstOnes(2), tunnels.left()).start();
            world.runUntil("up", Duration.ofSeconds(1), left::isUp);
            long ticket = left.gateway().down("t");
            world.runFor(Duration.ofMillis(100));
            assertThat(left.gateway().reply(ticket)).isPresent();
            assertThat(left.kernel().sas()).isEmpty();
        });
    }
}
