package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.engine.TunnelStatus.State;
import org.ikev2d.core.exchange.Payloads;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** Tunnels that the first packet for them brings up. */
final class TrapTest {
    private static final CpuId CPU = new CpuId(1);
    private static final Packet PACKET = Packet.udp(Tunnels.host(1), 4000, Tunnels.host(2), 7);

    private static final Packet PACKET_BACK = Packet.udp(Tunnels.host(2), 7, Tunnels.host(1), 4000);

    private static Tunnels onDemand() {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().onDemand();
        return tunnels;
    }

    private static Departure send(End from) {
        return from.kernel().send(CPU, PACKET);
    }

    private static Pair brokenUp(World world) {
        Pair pair = Pair.of(world, onDemand()).start();
        send(pair.left());
        return pair.untilWhole();
    }

    private static void expectTrap(End end) {
        assertThat(end.status().state()).isEqualTo(State.DOWN);
        assertThat(end.status().note()).isEqualTo("the first packet for it brings it up");
        assertThat(end.kernel().sas()).isEmpty();
    }

    @Test
    void nothingIsSentBeforeTheFirstPacketAndThatBringsItUp() {
        World.play(1, world -> {
            Wiretap wiretap = Wiretap.in(world);
            Pair pair = Pair.of(world, onDemand()).start();
            world.runFor(Duration.ofMinutes(10));
            assertThat(wiretap.all()).isEmpty();
            expectTrap(pair.left());
            assertThat(send(pair.left())).isInstanceOf(Departure.Dropped.class);
            assertThat(pair.left().kernel().acquires()).isEqualTo(1);
            world.runUntil("up", Duration.ofMillis(50), () -> pair.left().isUp());
            // The state bears the ACQUIRE's sequence number, which closes it.
            assertThat(pair.left().kernel().acquires()).isZero();
            assertThat(send(pair.left())).isInstanceOf(Departure.Encrypted.class);
            pair.untilWhole();
            assertThat(pair.left().status().note()).isEmpty();
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Holds("7296-2.9-a")
    @Test
    void selectorsOfThePacketComeFirst_rfc7296_2_9() {
        World.play(1, world -> {
            Tunnels tunnels = onDemand();
            HandmadePeer peer = HandmadePeer.started(world, tunnels.right());
            End left = new End(world, "left", Cpus.firstOnes(2), tunnels.left()).start();
            send(left);
            world.runFor(Duration.ofSeconds(1));
            Payloads request = peer.heard().stream()
                    .filter(heard -> heard.exchange() == ExchangeType.IKE_AUTH)
                    .findFirst()
                    .orElseThrow();
            assertThat(selectors(request, true)).containsExactly("10.1.0.1/32[udp/4000]", "10.1.0.0/16");
            assertThat(selectors(request, false)).containsExactly("10.2.0.1/32[udp/7]", "10.2.0.0/16");
            assertThat(left.isUp()).isTrue();
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

    @Test
    void tunnelThatIsAlwaysUpAsksForAllAndClosesTheKernelsQuestionToo() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            pair.left().start();
            pair.right().start();
            assertThat(send(pair.left())).isInstanceOf(Departure.Dropped.class);
            assertThat(pair.right().kernel().send(CPU, PACKET_BACK)).isInstanceOf(Departure.Dropped.class);
            pair.untilWhole();
            assertThat(pair.left().kernel().acquires()).isZero();
            assertThat(pair.right().kernel().acquires()).isZero();
        });
    }

    @Test
    void peerThatFallsSilentLeadsBackToTheTrapAndTheNextPacketOut() {
        World.play(1, world -> {
            Pair pair = brokenUp(world);
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            world.runUntil(
                    "it is given up",
                    Duration.ofSeconds(100),
                    () -> !pair.left().isUp());
            assertThat(pair.left().lastError()).startsWith("peer-silent: ");
            expectTrap(pair.left());
            Wiretap wiretap = Wiretap.in(world);
            world.runFor(Duration.ofMinutes(10));
            assertThat(wiretap.from(Tunnels.LEFT)).isEmpty();
            assertThat(send(pair.left())).isInstanceOf(Departure.Dropped.class);
            world.runFor(Duration.ofMinutes(1));
            assertThat(wiretap.from(Tunnels.LEFT)).hasSize(5);
            expectTrap(pair.left());
            world.network().mend(pair.left().gateway(), pair.right().gateway());
            send(pair.left());
            pair.untilSettled();
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Test
    void peerThatDeletesItLeadsBackToTheTrap() {
        World.play(1, world -> {
            Pair pair = brokenUp(world);
            pair.right().gateway().down("t");
            world.runFor(Duration.ofMinutes(2));
            expectTrap(pair.left());
            assertThat(pair.left().lastError()).startsWith("peer-deleted: ");
            pair.right().gateway().up("t");
            pair.untilWhole();
        });
    }

    @Test
    void wishWhileTheLastOneIsStillBeingDeletedBringsItUpAtOnce() {
        World.play(1, world -> {
            Pair pair = brokenUp(world);
            pair.left().gateway().down("t");
            pair.left().gateway().up("t");
            world.runUntil("up", Duration.ofMillis(50), () -> pair.left().isUp());
            pair.untilSettled();
        });
    }

    @Test
    void whatAnOperatorTookDownNoPacketBringsUp() {
        World.play(1, world -> {
            Pair pair = brokenUp(world);
            pair.left().gateway().down("t");
            world.runFor(Duration.ofSeconds(1));
            for (int minute = 0; minute < 3; minute++) {
                assertThat(send(pair.left())).isInstanceOf(Departure.Dropped.class);
                world.runFor(Duration.ofMinutes(1));
            }
            pair.expectNothingUp();
            pair.left().gateway().up("t");
            pair.untilWhole();
        });
    }

    @Test
    void refusalIsTriedAgainAtAPacketWhenTheKernelAsksAgain() {
        World.play(1, world -> {
            Tunnels tunnels = onDemand();
            tunnels.left().psk("another secret");
            Pair pair = Pair.of(world, tunnels).start();
            Wiretap wiretap = Wiretap.in(world);
            for (int second = 0; second < 60; second++) {
                assertThat(send(pair.left())).isInstanceOf(Departure.Dropped.class);
                world.runFor(Duration.ofSeconds(1));
            }
            assertThat(pair.left().lastError()).startsWith("authentication-failed: ");
            // The kernel's question fades after 30 s.
            assertThat(wiretap.from(Tunnels.LEFT).filter(message -> message.is(ExchangeType.IKE_SA_INIT, false)))
                    .hasSize(2);
        });
    }

    @Test
    void successorOfACrashedEngineBeginsWhereSasCarryTheTraffic() {
        World.play(1, world -> {
            Pair pair = brokenUp(world);
            BothWays traffic = BothWays.of(pair).start();
            pair.left().gateway().kill();
            world.runFor(Duration.ofSeconds(1));
            pair.left().start();
            pair.untilSettled();
            traffic.stop().expectNoLoss();
        });
    }

    @Test
    void endThatWaitsForItsPeerDoesNotBeginWhenThatFallsSilent() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            pair.left().gateway().kill();
            world.runUntil(
                    "it is given up",
                    Duration.ofSeconds(100),
                    () -> !pair.right().isUp());
            Wiretap wiretap = Wiretap.in(world);
            world.runFor(Duration.ofMinutes(10));
            assertThat(wiretap.all()).isEmpty();
            assertThat(pair.right().kernel().sas()).isEmpty();
            pair.left().start();
            pair.untilSettled();
        });
    }
}
