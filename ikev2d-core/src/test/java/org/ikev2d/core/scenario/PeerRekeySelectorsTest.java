package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.ChildStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer that rekeys a Child SA with other selectors than it has (RFC 7296 §2.9.2). */
final class PeerRekeySelectorsTest {
    private record Scene(HandmadePeer peer, End end) {
        /** What the peer is answered that rekeys the only SA with these selectors. */
        List<Payload> rekeys(String initiators, String responders) {
            ChildStatus old = end.children().get(0);
            peer.asking(with(initiators, responders));
            return peer.rekey(old.outbound().spi(), new EspSpi(0xd1000001));
        }
    }

    private static void established(Consumer<Scene> plot) {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            End right = new End(world, "right", Cpus.firstOnes(1), tunnels.right()).start();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.left());
            peer.init();
            peer.auth();
            plot.accept(new Scene(peer, right));
            // Its next request says that it has our answer.
            assertThat(peer.ask(ExchangeType.INFORMATIONAL)).isEmpty();
            world.runFor(Duration.ofSeconds(2));
            right.expectKernelAsTold();
        });
    }

    private static UnaryOperator<List<Payload>> with(String initiators, String responders) {
        return payloads -> payloads.stream()
                .map(payload -> payload instanceof Payload.TrafficSelectors selectors
                        ? selected(selectors.initiator(), selectors.initiator() ? initiators : responders)
                        : payload)
                .toList();
    }

    private static Payload selected(boolean initiator, String selector) {
        return new Payload.TrafficSelectors(initiator, List.of(TrafficSelector.parse(selector)));
    }

    @Holds({"7296-2.8-c", "7296-2.9.2-a", "7296-2.9.2-c"})
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.2.0.0/16",
        "10.0.0.0/8, 10.2.0.0/16",
        "0.0.0.0/0, 0.0.0.0/0",
        "10.1.0.0/16, 10.2.0.0-10.3.0.9"
    })
    void successorHasTheSelectorsInUseWhateverMoreIsProposed_rfc7296_2_9_2(String initiators, String responders) {
        established(scene -> {
            assertThat(scene.rekeys(initiators, responders))
                    .contains(selected(true, "10.1.0.0/16"), selected(false, "10.2.0.0/16"));
            assertThat(scene.end().children()).hasSize(2);
        });
    }

    @Holds({"7296-2.9.2-a", "7296-2.9.2-c"})
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/17, 10.2.0.0/16",
        "10.1.0.0/16, 10.2.0.1",
        "10.1.0.0/16[tcp], 10.2.0.0/16[tcp]",
        "10.3.0.0/16, 10.2.0.0/16"
    })
    void narrowerSuccessorIsRefused_rfc7296_2_9_2(String initiators, String responders) {
        established(scene -> {
            List<ChildStatus> before = scene.end().children();
            assertThat(scene.rekeys(initiators, responders))
                    .containsExactly(Payload.Notify.of(NotifyType.TS_UNACCEPTABLE));
            assertThat(scene.end().children()).isEqualTo(before);
        });
    }
}
