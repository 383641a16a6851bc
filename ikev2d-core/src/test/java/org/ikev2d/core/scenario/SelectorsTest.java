package org.ikev2d.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.core.world.Departure;
import org.ikev2d.core.world.Packet;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

/** What the tunnel's selectors mean for its traffic. */
final class SelectorsTest {
    private static final CpuId CPU = new CpuId(0);

    private static Departure send(End from, String source, String destination) {
        return from.kernel().send(CPU, Packet.udp(IpAddress.parse(source), 1000, IpAddress.parse(destination), 7));
    }

    @Holds("7296-2.9-c")
    @Test
    void responderNarrowsAndTheRestIsHeldBackAtTheInitiator_rfc7296_2_9() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            tunnels.left()
                    .selectors(
                            List.of(TrafficSelector.parse("10.1.0.0/16")),
                            List.of(TrafficSelector.parse("10.2.0.0/16"), TrafficSelector.parse("10.9.0.0/16")));
            tunnels.right()
                    .selectors(
                            List.of(TrafficSelector.parse("10.2.0.0/24"), TrafficSelector.parse("10.3.0.0/16")),
                            List.of(TrafficSelector.parse("10.0.0.0/8")));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            BothWays.of(pair).once().expectOwnSas();
            assertThat(send(pair.left(), "10.1.0.1", "10.2.0.1")).isInstanceOf(Departure.Encrypted.class);
            // Configured, but the peer does not take it: neither in clear nor into the tunnel.
            assertThat(send(pair.left(), "10.1.0.1", "10.2.1.1")).isInstanceOf(Departure.Dropped.class);
            assertThat(send(pair.left(), "10.1.0.1", "10.9.0.1")).isInstanceOf(Departure.Dropped.class);
            assertThat(send(pair.right(), "10.3.0.1", "10.1.0.1")).isInstanceOf(Departure.Dropped.class);
            // Not configured.
            assertThat(send(pair.left(), "10.5.0.1", "10.2.0.1")).isInstanceOf(Departure.InClear.class);
            assertThat(pair.left().policies(Direction.OUT))
                    .filteredOn(policy -> policy.reqId().equals(ReqId.ofTunnel(1)))
                    .extracting(policy -> policy.id().selector().destination() + "/"
                            + policy.id().selector().destinationPrefix())
                    .containsExactly("10.2.0.0/24");
            // The one CPU-less ACQUIRE per held back destination that the packets above caused fades.
            world.runFor(Duration.ofSeconds(31));
            pair.expectAgreement();
        });
    }

    @Test
    void trafficWaitsWhileThereIsNoSaAndNeverLeavesInClear() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair());
            world.network().cutBothWays(pair.left().gateway(), pair.right().gateway());
            pair.start();
            assertThat(send(pair.left(), "10.1.0.1", "10.2.0.1")).isInstanceOf(Departure.Dropped.class);
            assertThat(send(pair.right(), "10.2.0.1", "10.1.0.1")).isInstanceOf(Departure.Dropped.class);
            world.network().mend(pair.left().gateway(), pair.right().gateway());
            pair.untilWhole();
            BothWays.of(pair).once().expectOwnSas();
        });
    }

    @Test
    void rangesAndPortsBecomePoliciesThatMatchExactlyThem() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            List<TrafficSelector> ours = List.of(TrafficSelector.parse("10.1.0.1-10.1.0.6[udp/1000-1999]"));
            List<TrafficSelector> theirs = List.of(TrafficSelector.parse("10.2.0.0/30[udp]"));
            tunnels.left().selectors(ours, theirs);
            tunnels.right().selectors(theirs, ours);
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            assertThat(send(pair.left(), "10.1.0.6", "10.2.0.3")).isInstanceOf(Departure.Encrypted.class);
            assertThat(send(pair.left(), "10.1.0.7", "10.2.0.3")).isInstanceOf(Departure.InClear.class);
            assertThat(send(pair.left(), "10.1.0.6", "10.2.0.4")).isInstanceOf(Departure.InClear.class);
            assertThat(pair.left().policies(Direction.OUT)).hasSize(4 * 7);
        });
    }

    @Test
    void narrowerPolicyWins() {
        World.play(1, world -> {
            Pair pair = Pair.of(world, Tunnels.pair()).start().untilWhole();
            assertThat(pair.left().policies(Direction.OUT))
                    .extracting(PolicySpec::priority)
                    .hasSize(1);
            Tunnels wide = Tunnels.pair();
            wide.left().selectors(List.of(Tunnels.net(1)), List.of(TrafficSelector.parse("10.0.0.0/8")));
            pair.left().gateway().stop(false);
            world.runFor(Duration.ofSeconds(1));
            pair.left().configure(wide.left());
            pair.left().start();
            pair.untilWhole();
            List<PolicySpec> out = pair.left().policies(Direction.OUT);
            assertThat(out).hasSize(2);
            PolicySpec agreed = out.stream()
                    .filter(policy -> policy.reqId().equals(ReqId.ofTunnel(1)))
                    .findFirst()
                    .orElseThrow();
            PolicySpec held = out.stream()
                    .filter(policy -> policy.reqId().equals(ReqId.ofTunnel(1).holding()))
                    .findFirst()
                    .orElseThrow();
            assertThat(agreed.priority()).isLessThan(held.priority());
        });
    }

    private static void through(IpAddress left, IpAddress right, String leftNet, String rightNet) {
        World.play(1, world -> {
            Tunnels tunnels =
                    Tunnels.between(left, right, TrafficSelector.parse(leftNet), TrafficSelector.parse(rightNet));
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            IpAddress leftHost = TrafficSelector.parse(leftNet).last();
            IpAddress rightHost = TrafficSelector.parse(rightNet).last();
            BothWays.of(pair, leftHost, rightHost).once().expectOwnSas();
        });
    }

    @Test
    void ipv6InIpv6() {
        through(Tunnels.LEFT_V6, Tunnels.RIGHT_V6, "2001:db8:a::/48", "2001:db8:b::/48");
    }

    @Test
    void ipv6InIpv4() {
        through(Tunnels.LEFT, Tunnels.RIGHT, "2001:db8:a::/48", "2001:db8:b::/48");
    }

    @Test
    void ipv4InIpv6() {
        through(Tunnels.LEFT_V6, Tunnels.RIGHT_V6, "10.1.0.0/16", "10.2.0.0/16");
    }

    @Test
    void bothFamiliesInOneTunnel() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            List<TrafficSelector> ours = List.of(Tunnels.net(1), TrafficSelector.parse("2001:db8:a::/48"));
            List<TrafficSelector> theirs = List.of(Tunnels.net(2), TrafficSelector.parse("2001:db8:b::/48"));
            tunnels.left().selectors(ours, theirs);
            tunnels.right().selectors(theirs, ours);
            Pair pair = Pair.of(world, tunnels).start().untilWhole();
            BothWays.of(pair).once().expectOwnSas();
            BothWays.of(pair, IpAddress.parse("2001:db8:a::1"), IpAddress.parse("2001:db8:b::1"))
                    .once()
                    .expectOwnSas();
        });
    }
}
