package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.policy.PathPolicy.Encap;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each SA of a set sends from a UDP port of its own. */
final class PortPerSaTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Tunnels tunnels(Encap left, Encap right) {
        Tunnels tunnels = Tunnels.pair();
        tunnels.left().encap(left);
        tunnels.right().encap(right);
        return tunnels;
    }

    /** Of a packet from each CPU of {@code end}, to the first host behind {@code to}. */
    private static Map<CpuId, Encapsulation> ports(End end, int from, int to) {
        Map<CpuId, Encapsulation> ports = new TreeMap<>();
        for (CpuId cpu : end.gateway().cpus().online()) {
            Departure sent = end.kernel().send(cpu, Packet.udp(Tunnels.host(from), 1, Tunnels.host(to), 7));
            ports.put(cpu, ((Departure.Encrypted) sent).packet().encapsulation().orElseThrow());
        }
        return ports;
    }

    private static void expectOwnPorts(Map<CpuId, Encapsulation> ports) {
        assertThat(ports.values())
                .extracting(Encapsulation::sourcePort)
                .doesNotHaveDuplicates()
                .allMatch(port -> port >= 49152 && port <= 65535);
        assertThat(ports.values()).extracting(Encapsulation::destinationPort).containsOnly(4500);
    }

    @Test
    void eachSaHasItsPortAndNothingIsLostOrAsked() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, tunnels(Encap.PER_QUEUE, Encap.PER_QUEUE))
                    .start()
                    .untilWhole();
            Wiretap wiretap = Wiretap.in(world);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(MINUTE);
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(wiretap.all()).as("each SA's traffic proves its peer").isEmpty();
            expectOwnPorts(ports(pair.left(), 1, 2));
            expectOwnPorts(ports(pair.right(), 2, 1));
            assertThat(pair.left().status().remote()).isEqualTo(new Endpoint(Tunnels.RIGHT, 4500));
            assertThat(pair.right().status().remote()).isEqualTo(new Endpoint(Tunnels.LEFT, 4500));
        });
    }

    /** An end that knows nothing of it asks once for each SA whether the peer has moved, and then knows the port. */
    @ParameterizedTest
    @EnumSource(
            value = Encap.class,
            names = {"AUTO", "YES"})
    void endThatSendsFromOnePortTakesThemAll(Encap other) {
        World.play(2, world -> {
            Pair pair = Pair.of(world, tunnels(Encap.PER_QUEUE, other)).start().untilWhole();
            Wiretap wiretap = Wiretap.in(world);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(MINUTE);
            assertThat(wiretap.from(Tunnels.RIGHT).filter(message -> message.is(ExchangeType.INFORMATIONAL, false)))
                    .as("five SAs, each question on two ways")
                    .hasSizeLessThanOrEqualTo(10);
            wiretap.forget();
            world.runFor(MINUTE);
            traffic.stop().expectNoLoss().expectOwnSas();
            assertThat(wiretap.all()).isEmpty();
            expectOwnPorts(ports(pair.left(), 1, 2));
            assertThat(ports(pair.right(), 2, 1)).containsValue(new Encapsulation(4500, 4500));
            assertThat(pair.right().gateway().hasTold("peer-moved")).isFalse();
        });
    }

    @Test
    void rekeyedSaHasAPortOfItsOwnToo() {
        World.play(3, world -> {
            Pair pair = Pair.of(world, tunnels(Encap.PER_QUEUE, Encap.PER_QUEUE))
                    .start()
                    .untilWhole();
            Map<CpuId, Encapsulation> before = ports(pair.left(), 1, 2);
            BothWays traffic = BothWays.of(pair).start();
            pair.left().gateway().rekey("t");
            world.runFor(Duration.ofSeconds(30));
            traffic.stop().expectNoLoss().expectOwnSas();
            Map<CpuId, Encapsulation> after = ports(pair.left(), 1, 2);
            expectOwnPorts(after);
            assertThat(after.values()).doesNotContainAnyElementsOf(before.values());
        });
    }

    @Test
    void onlySaOfATunnelWithoutASetHasIkesPort() {
        World.play(4, world -> {
            Tunnels tunnels = tunnels(Encap.PER_QUEUE, Encap.AUTO);
            tunnels.right().queues(Queues.count(0, QueuePolicy.Mode.EAGER, QueuePolicy.Dialect.RFC9611));
            Pair pair = Pair.of(world, tunnels).start();
            world.runFor(Duration.ofSeconds(3));
            assertThat(ports(pair.left(), 1, 2).values()).containsOnly(new Encapsulation(4500, 4500));
            BothWays.of(pair).once();
        });
    }

    /** A state that took its packets from one SA's port, and is told that they come from where the peer is, follows. */
    @Test
    void stateThatWasToldAnotherPortIsToldTheRightOne() {
        World.play(5, world -> {
            Natted natted = Natted.in(world);
            Pair pair = natted.pair().start().untilWhole();
            End right = pair.right();
            Endpoint peer = right.status().remote();
            right.gateway()
                    .hear(new KernelEvent.Mapping(
                            right.children().get(1).inbound(),
                            ReqId.ofTunnel(2),
                            peer,
                            new Endpoint(peer.address(), 50_000)));
            world.runFor(Duration.ofSeconds(2));
            Wiretap wiretap = Wiretap.in(world);
            BothWays traffic = BothWays.of(pair).start();
            world.runFor(Duration.ofSeconds(10));
            traffic.stop().expectNoLoss();
            assertThat(wiretap.all()).isEmpty();
            List<String> moves = right.kernel().log().stream()
                    .filter(line -> line.startsWith("MOVE"))
                    .toList();
            assertThat(moves).as("there and back").hasSize(2);
        });
    }
}
