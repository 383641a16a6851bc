package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.PolicySpec.Action;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** What a stop leaves in the kernel. */
final class StandingTest {
    private static final Packet PACKET = Packet.udp(Tunnels.host(1), 4000, Tunnels.host(2), 7);

    private static Departure send(Pair pair) {
        return pair.left().kernel().send(new CpuId(0), PACKET);
    }

    private static void stop(Pair pair) {
        pair.left().gateway().stop(false);
        pair.world()
                .runUntil(
                        "it has stopped",
                        Duration.ofSeconds(5),
                        () -> !pair.left().gateway().isRunning());
    }

    /** So that nothing is left over at the end. */
    private static void removeAtLast(Pair pair, TunnelDraft draft) {
        pair.left().configure(draft.onStop(OnStop.REMOVE)).start();
    }

    @Test
    void removesAllUnlessToldOtherwise() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            stop(pair);
            assertThat(pair.left().kernel().leftOver()).isEmpty();
            assertThat(send(pair)).isInstanceOf(Departure.InClear.class);
        });
    }

    @Test
    void dropsWhatIsConfiguredUntilTheNextStartTakesOver() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().onStop(OnStop.DROP);
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            stop(pair);
            assertThat(pair.left().kernel().sas()).isEmpty();
            assertThat(pair.left().kernel().policies())
                    .extracting(PolicySpec::action, PolicySpec::reqId)
                    .hasSize(3)
                    .containsOnly(tuple(Action.BLOCK, ReqId.ofTunnel(1).holding()));
            assertThat(send(pair)).isEqualTo(new Departure.Dropped("XfrmOutPolBlock"));
            world.runFor(Duration.ofMinutes(1));
            pair.left().start();
            assertThat(pair.left().policies(Direction.OUT))
                    .extracting(PolicySpec::action, PolicySpec::reqId)
                    .containsExactly(tuple(Action.TUNNEL, ReqId.ofTunnel(1)));
            assertThat(send(pair)).isEqualTo(new Departure.Dropped("XfrmOutNoStates"));
            pair.untilSettled();
            BothWays.of(pair).once().expectOwnSas();
            stop(pair);
            removeAtLast(pair, tunnels.left());
        });
    }

    @Test
    void dropsAlsoWhenItWasNeverUp() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().onDemand().onStop(OnStop.DROP);
            Pair pair = Pair.of(world, tunnels);
            pair.left().start();
            stop(pair);
            assertThat(send(pair)).isEqualTo(new Departure.Dropped("XfrmOutPolBlock"));
            removeAtLast(pair, tunnels.left());
        });
    }

    @Test
    void goesWithTheTunnelThatIsNotConfiguredAnyMore() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().onStop(OnStop.DROP);
            Pair pair = Pair.of(world, tunnels);
            pair.left().start();
            stop(pair);
            pair.left().configure().start();
            assertThat(pair.left().kernel().policies()).isEmpty();
        });
    }

    @Test
    void stopThatKeepsAllKeepsTheSasToo() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left().onStop(OnStop.DROP);
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            pair.left().gateway().stop(true);
            assertThat(send(pair)).isInstanceOf(Departure.Encrypted.class);
            removeAtLast(pair, tunnels.left());
        });
    }
}
