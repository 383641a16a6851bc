package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.PolicySpec.Action;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Child SAs in transport mode, between the two ends themselves. */
final class TransportModeTest {
    private static final Payload TRANSPORT = Payload.Notify.of(NotifyType.USE_TRANSPORT_MODE);
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);

    private static Tunnels hosts() {
        return Tunnels.between(
                Tunnels.LEFT,
                Tunnels.RIGHT,
                TrafficSelector.anyPort(Tunnels.LEFT, Tunnels.LEFT),
                TrafficSelector.anyPort(Tunnels.RIGHT, Tunnels.RIGHT));
    }

    private static Tunnels transport() {
        Tunnels tunnels = hosts();
        tunnels.left().transport();
        tunnels.right().transport();
        return tunnels;
    }

    private static boolean makesChild(Payloads request) {
        return request.exchange() == ExchangeType.IKE_AUTH || request.exchange() == ExchangeType.CREATE_CHILD_SA;
    }

    private static List<Payload> plus(List<Payload> payloads, Payload... more) {
        return Stream.concat(payloads.stream(), Stream.of(more)).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void setCarriesThePacketsOfTheEndsThemselves(boolean encapsulated) {
        World.play(1, world -> {
            Tunnels tunnels = transport();
            if (encapsulated) {
                tunnels.left().forceEncapsulation();
            }
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            BothWays.of(pair, Tunnels.LEFT, Tunnels.RIGHT).once().expectOwnSas();
            for (End end : List.of(pair.left(), pair.right())) {
                assertThat(end.kernel().policies())
                        .extracting(policy -> policy.id().direction())
                        .containsExactlyInAnyOrder(Direction.OUT, Direction.IN);
                assertThat(end.kernel().policies())
                        .extracting(PolicySpec::action)
                        .containsOnly(Action.TRANSPORT);
            }
        });
    }

    @Test
    void nothingIsForwardedOrSentInTheClearWhileItIsDown() {
        World.play(1, world -> {
            End left = new End(world, "left", Cpus.firstOnes(1), transport().left()).start();
            world.runFor(Duration.ofSeconds(1));
            assertThat(left.policies(Direction.OUT))
                    .extracting(PolicySpec::action)
                    .containsExactly(Action.TRANSPORT);
            assertThat(left.policies(Direction.IN)).hasSize(1);
            assertThat(left.policies(Direction.FORWARD)).isEmpty();
        });
    }

    @Holds("7296-1.3.1-a")
    @Test
    void responderGrantsItWhereItHasItItself_rfc7296_1_3_1() {
        World.play(1, world -> {
            Tunnels tunnels = transport();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            assertThat(peer.auth(RESOURCE_INFO, TRANSPORT)).contains(TRANSPORT);
            assertThat(peer.createChild(RESOURCE_INFO, TRANSPORT)).contains(TRANSPORT);
            assertThat(peer.createChild(RESOURCE_INFO))
                    .containsExactly(Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN));
            assertThat(right.children()).hasSize(2);
        });
    }

    @Test
    void responderDeclinesItWhereItHasTunnelMode_rfc7296_1_3_1() {
        World.play(1, world -> {
            Tunnels tunnels = hosts();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            assertThat(peer.auth(RESOURCE_INFO, TRANSPORT))
                    .anyMatch(Payload.TrafficSelectors.class::isInstance)
                    .doesNotContain(TRANSPORT);
            assertThat(right.policies(Direction.OUT))
                    .extracting(PolicySpec::action)
                    .containsExactly(Action.TUNNEL);
        });
    }

    @Test
    void responderRefusesTunnelModeWhereItHasTransportMode() {
        World.play(1, world -> {
            Tunnels tunnels = transport();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            assertThat(peer.auth()).contains(Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN));
            world.runFor(Duration.ofSeconds(1));
            assertThat(right.isUp()).isFalse();
            assertThat(right.kernel().sas()).isEmpty();
            assertThat(right.lastError()).startsWith("no-proposal-chosen: ").contains("USE_TRANSPORT_MODE");
        });
    }

    /** Where that was the first SA, the IKE SA goes with it. */
    @Holds("7296-1.3.1-b")
    @Test
    void saThatWasGrantedInTunnelModeIsDeleted_rfc7296_1_3_1() {
        World.play(1, world -> {
            Tunnels tunnels = transport();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofMillis(500));
            assertThat(deleted(peer)).containsExactly(ProtocolId.IKE.code());
            assertThat(left.kernel().sas()).isEmpty();
            assertThat(left.lastError()).startsWith("no-proposal-chosen: ").contains("USE_TRANSPORT_MODE");
        });
        World.play(1, world -> {
            Tunnels tunnels = transport();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right())
                    .answering((request, usual) -> switch (request.exchange()) {
                        case IKE_AUTH -> plus(usual, RESOURCE_INFO, TRANSPORT);
                        case CREATE_CHILD_SA -> plus(usual, RESOURCE_INFO);
                        default -> usual;
                    });
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(1));
            assertThat(deleted(peer)).containsExactly(ProtocolId.ESP.code());
            assertThat(left.children()).hasSize(1);
            left.expectKernelAsTold();
        });
    }

    private static List<Integer> deleted(HandmadePeer peer) {
        return peer.heard().stream()
                .flatMap(request -> request.all().stream())
                .filter(Payload.Delete.class::isInstance)
                .map(payload -> ((Payload.Delete) payload).protocol())
                .toList();
    }

    /** Whatever there is in between. */
    @Holds({
        "7296-2.23-n",
        "7296-2.23.1-a",
        "7296-2.23.1-b",
        "7296-2.23.1-c",
        "7296-2.23.1-d",
        "7296-2.23.1-e",
        "7296-2.23.1-f",
        "7296-2.23.1-g"
    })
    @Test
    void selectorsHaveTheAddressesOfTheIkeSaAndThePacketsPortsFirst_rfc7296_2_23_1() {
        World.play(1, world -> {
            Tunnels tunnels = transport();
            tunnels.left().onDemand().forceEncapsulation();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right())
                    .answering((request, usual) -> makesChild(request) ? plus(usual, RESOURCE_INFO, TRANSPORT) : usual);
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            left.kernel().send(new CpuId(0), Packet.udp(Tunnels.LEFT, 4000, Tunnels.RIGHT, 7));
            world.runFor(Duration.ofSeconds(1));
            assertThat(left.children()).hasSize(2);
            List<Payloads> requests =
                    peer.heard().stream().filter(TransportModeTest::makesChild).toList();
            assertThat(requests).hasSize(2).allMatch(request -> request.has(NotifyType.USE_TRANSPORT_MODE));
            assertThat(selectors(requests.get(0), true)).containsExactly("192.0.2.1/32[udp/4000]", "192.0.2.1/32");
            assertThat(selectors(requests.get(0), false)).containsExactly("198.51.100.2/32[udp/7]", "198.51.100.2/32");
            assertThat(selectors(requests.get(1), true)).containsExactly("192.0.2.1/32");
            assertThat(selectors(requests.get(1), false)).containsExactly("198.51.100.2/32");
        });
    }

    private static List<String> selectors(Payloads request, boolean initiator) {
        return request.all().stream()
                .filter(Payload.TrafficSelectors.class::isInstance)
                .map(Payload.TrafficSelectors.class::cast)
                .filter(payload -> payload.initiator() == initiator)
                .flatMap(payload -> payload.selectors().stream())
                .map(TrafficSelector::describe)
                .toList();
    }
}
