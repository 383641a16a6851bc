package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** A peer that cannot do what is asked just now (RFC 7296 §2.25). */
final class TemporaryFailureTest {
    private static final Payload RESOURCE_INFO = Payload.Notify.of(NotifyType.SA_RESOURCE_INFO);

    private static long asked(HandmadePeer peer) {
        return peer.heard().stream()
                .filter(request -> request.exchange() == ExchangeType.CREATE_CHILD_SA)
                .count();
    }

    @Holds({"7296-2.25-b", "7296-2.25-c"})
    @Test
    void nextTryForAnSaWaits_rfc7296_2_25() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
            peer.answering((request, usual) -> switch (request.exchange()) {
                case IKE_AUTH ->
                    Stream.concat(usual.stream(), Stream.of(RESOURCE_INFO)).toList();
                case CREATE_CHILD_SA ->
                    asked(peer) == 1
                            ? List.of(Payload.Notify.of(NotifyType.TEMPORARY_FAILURE))
                            : Stream.concat(usual.stream(), Stream.of(RESOURCE_INFO))
                                    .toList();
                default -> usual;
            });
            End left = new End(world, "left", Cpus.firstOnes(1), tunnels.left()).start();
            world.runFor(Duration.ofSeconds(5));
            assertThat(asked(peer)).isEqualTo(1);
            assertThat(left.perCpu()).isZero();
            world.runFor(Duration.ofMinutes(1));
            assertThat(asked(peer)).isEqualTo(2);
            assertThat(left.perCpu()).isEqualTo(1);
        });
    }
}
