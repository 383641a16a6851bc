package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.core.registry.KeyExchangeMethod.CURVE25519;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_256;
import static org.ikev2d.core.registry.KeyExchangeMethod.ECP_384;
import static org.ikev2d.core.registry.KeyExchangeMethod.NONE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.EspProposal;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.policy.QueuePolicy.Mode;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.wire.Transform;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in our requests for SAs, and what has happened when we grant one. */
final class ChildRequestTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);
    private static final int KEY_EXCHANGE = 4;

    private static List<Payload> informed(Payloads request, List<Payload> usual) {
        boolean child =
                request.exchange() == ExchangeType.IKE_AUTH || request.exchange() == ExchangeType.CREATE_CHILD_SA;
        return child ? Stream.concat(usual.stream(), Stream.of(RESOURCE_INFO)).toList() : usual;
    }

    /** The methods that the SA payload of {@code request} offers, in order. */
    private static List<Integer> methods(Payloads request) {
        return request.all().stream()
                .filter(Payload.SecurityAssociation.class::isInstance)
                .flatMap(payload -> ((Payload.SecurityAssociation) payload).proposals().stream())
                .flatMap(proposal -> proposal.transforms().stream())
                .filter(transform -> transform.type() == KEY_EXCHANGE)
                .map(Transform::id)
                .toList();
    }

    private static List<Integer> sentMethods(Payloads request) {
        return request.all().stream()
                .filter(Payload.KeyExchange.class::isInstance)
                .map(payload -> ((Payload.KeyExchange) payload).method())
                .toList();
    }

    static Stream<Arguments> offers() {
        return Stream.of(
                Arguments.of(List.of(Proposals.esp(NONE)), List.of()),
                Arguments.of(List.of(Proposals.esp(CURVE25519)), List.of(31)),
                Arguments.of(List.of(Proposals.esp(ECP_256, CURVE25519)), List.of(19)),
                Arguments.of(List.of(Proposals.esp(NONE, ECP_256)), List.of(19)),
                Arguments.of(List.of(Proposals.esp(ECP_384), Proposals.esp(CURVE25519)), List.of(20)));
    }

    @Holds({"7296-1.3-a", "7296-1.3-b", "7296-3.3.6-i", "7296-3.4-b", "7296-3.4-c", "7296-3.4-d"})
    @ParameterizedTest
    @MethodSource("offers")
    void kePayloadIsOfTheFirstMethodThatIsOfferedAndThereIsNoneWithoutOne_rfc7296_3_4(
            List<EspProposal> offer, List<Integer> sent) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().esp(offer.toArray(EspProposal[]::new));
            tunnels.right().esp(Proposals.esp(NONE, CURVE25519, ECP_256, ECP_384));
            tunnels.both(draft -> draft.ike(Proposals.ike(ECP_256, CURVE25519)));
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).answering(ChildRequestTest::informed);
            new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            for (Payloads request : peer.heard()) {
                List<Integer> offered = methods(request);
                switch (request.exchange()) {
                    case IKE_SA_INIT -> assertThat(sentMethods(request)).containsExactly(19);
                    case CREATE_CHILD_SA -> assertThat(sentMethods(request)).isEqualTo(sent);
                    default -> assertThat(sentMethods(request)).isEmpty();
                }
                assertThat(offered).containsAll(sentMethods(request));
                if (!sentMethods(request).isEmpty()) {
                    assertThat(sentMethods(request).get(0))
                            .isEqualTo(offered.stream()
                                    .filter(method -> method != NONE.code())
                                    .findFirst()
                                    .orElseThrow());
                }
            }
            assertThat(peer.heard()).extracting(Payloads::exchange).contains(ExchangeType.CREATE_CHILD_SA);
        });
    }

    @Holds({"7296-3.3.1-f"})
    @Test
    void proposalsOfTheFirstRequestHaveNoSpi_rfc7296_3_3_1() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            Wiretap wiretap = Wiretap.in(world);
            Pair.of(world, tunnels).start().untilWhole();
            List<Proposal> proposals = wiretap.all().stream()
                    .flatMap(message -> message.message().payloads().stream())
                    .filter(Payload.SecurityAssociation.class::isInstance)
                    .flatMap(payload -> ((Payload.SecurityAssociation) payload).proposals().stream())
                    .toList();
            assertThat(proposals).hasSize(2).allMatch(proposal -> proposal.spi().isEmpty());
        });
    }

    /** The left end, which makes per-CPU SAs on demand, is asked by its kernel for one. */
    private static List<List<TrafficSelector>> asksFor(PacketSelector packet) {
        List<List<TrafficSelector>> selectors = new ArrayList<>();
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair().queues(Queues.of(Mode.ON_DEMAND, Dialect.RFC9611));
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right()).answering(ChildRequestTest::informed);
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            left.gateway().hear(new KernelEvent.Acquire(7, ReqId.ofTunnel(1), Optional.of(new CpuId(0)), packet));
            world.runFor(Duration.ofSeconds(1));
            assertThat(left.children()).hasSize(2);
            peer.heard().stream()
                    .filter(request -> request.exchange() == ExchangeType.CREATE_CHILD_SA)
                    .flatMap(request -> request.all().stream())
                    .filter(Payload.TrafficSelectors.class::isInstance)
                    .forEach(payload -> selectors.add(((Payload.TrafficSelectors) payload).selectors()));
        });
        return selectors;
    }

    /** ICMP's type and code stand where ports would be in the kernel's selector. */
    @Holds({"7296-2.9-a", "7296-3.13.1-a", "7296-3.13.1-b"})
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            6   | 4000 | 443 | 10.1.0.1/32[tcp/4000]  | 10.2.0.1/32[tcp/443]
            17  | 53   | 53  | 10.1.0.1/32[udp/53]    | 10.2.0.1/32[udp/53]
            132 | 1    | 2   | 10.1.0.1/32[sctp/1]    | 10.2.0.1/32[sctp/2]
            1   | 8    | 0   | 10.1.0.1/32[icmp]      | 10.2.0.1/32[icmp]
            47  | 0    | 0   | 10.1.0.1/32[gre]       | 10.2.0.1/32[gre]
            """)
    void selectorsOfThePacketThatAsksComeFirst_rfc7296_2_9(
            int protocol, int sourcePort, int destinationPort, String source, String destination) {
        Packet packet = new Packet(Tunnels.host(1), Tunnels.host(2), protocol, sourcePort, destinationPort, 100);
        assertThat(asksFor(packet.selector()))
                .containsExactly(
                        List.of(TrafficSelector.parse(source), Tunnels.net(1)),
                        List.of(TrafficSelector.parse(destination), Tunnels.net(2)));
    }

    @Holds("7296-2.8-f")
    @Test
    void inboundSaIsInBeforeTheResponseLeaves_rfc7296_2_8() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            List<Long> inbound = new ArrayList<>();
            world.network().censor(parcels -> {
                if (parcels.get(0).source().address().equals(Tunnels.RIGHT)) {
                    inbound.add(pair.right().kernel().sas().stream()
                            .filter(sa -> !sa.larval() && sa.direction().equals(Optional.of(Direction.IN)))
                            .count());
                }
                return parcels;
            });
            pair.start();
            world.runUntil("both sets are whole", Duration.ofSeconds(1), pair::isWhole);
            // IKE_SA_INIT, IKE_AUTH, and one CREATE_CHILD_SA for each CPU.
            assertThat(inbound.subList(0, 6)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        });
    }
}
