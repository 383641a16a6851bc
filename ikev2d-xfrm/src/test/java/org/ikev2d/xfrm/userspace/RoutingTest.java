package org.ikev2d.xfrm.userspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.ikev2d.core.net.IpPrefix;
import org.ikev2d.xfrm.socket.NetworkNamespace;
import org.ikev2d.xfrm.socket.TunDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel's own routing in a network namespace of its own: asked where packets go. */
class RoutingTest {
    private static final int TABLE = 0x1ce2_0000;
    private static final IpPrefix EVERYWHERE = IpPrefix.parse("0.0.0.0/0");

    private NetworkNamespace namespace;
    private TunDevice device;
    private Routing routing;

    @BeforeEach
    void enter() throws Exception {
        namespace = NetworkNamespace.enter();
        assumeTrue(namespace.call(TunDevice::obstacle).isEmpty(), "no TUN device can be made here");
        namespace.run("ip", "link", "set", "lo", "up");
        namespace.run("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.disable_ipv6=0");
        namespace.run("ip", "link", "add", "outer", "type", "veth", "peer", "name", "far");
        namespace.run("ip", "link", "set", "far", "up");
        namespace.run("ip", "address", "add", "192.0.2.1/24", "dev", "outer");
        namespace.run("ip", "address", "add", "2001:db8::1/64", "dev", "outer", "nodad");
        namespace.run("ip", "link", "set", "outer", "up");
        namespace.run("ip", "route", "add", "default", "via", "192.0.2.254");
        namespace.run("ip", "route", "add", "default", "via", "2001:db8::fe");
        device = namespace.call(() -> TunDevice.open("ikev2d%d", 1));
        routing = open();
    }

    private Routing open() throws Exception {
        return namespace.call(() -> Routing.open(new Routing.Link(device.name(), 1500, 1000, 60_000)));
    }

    @AfterEach
    void leave() {
        if (routing != null) {
            routing.close();
        }
        if (device != null) {
            device.close();
        }
        namespace.close();
    }

    private static Way way(IpPrefix from, IpPrefix to) {
        return new Way(TABLE, from, to, 1400);
    }

    private static Way way(String from, String to) {
        return way(IpPrefix.parse(from), IpPrefix.parse(to));
    }

    private String get(String... words) throws Exception {
        String[] command = new String[words.length + 3];
        command[0] = "ip";
        command[1] = "route";
        command[2] = "get";
        System.arraycopy(words, 0, command, 3, words.length);
        return namespace.run(command);
    }

    @Test
    void theDeviceIsUpAndHasNoAddress() throws Exception {
        assertThat(namespace.run("ip", "-d", "link", "show", device.name()))
                .contains("UP", "mtu 1500", "qlen 1000", "gso_max_size 60000");
        assertThat(namespace.run("ip", "-o", "address", "show", "dev", device.name()))
                .isEmpty();
    }

    @Test
    void packetsFromHereToThereGoIntoTheDevice() throws Exception {
        namespace.run("ip", "address", "add", "10.1.0.1/16", "dev", "outer");
        routing.lead(List.of(way("10.1.0.0/16", "10.2.0.0/16")));
        assertThat(get("10.2.0.5", "from", "10.1.0.1")).contains("dev " + device.name(), "mtu 1400");
        assertThat(get("10.2.0.5", "from", "192.0.2.1")).contains("dev outer");
        assertThat(get("10.3.0.5", "from", "10.1.0.1")).contains("dev outer");
        // Where no source is chosen yet, ours is.
        assertThat(get("10.2.0.5")).contains("dev " + device.name(), "src 10.1.0.1");
    }

    @Test
    void withoutAnAddressOfOursInsideOnlyForwardedPacketsGo() throws Exception {
        routing.lead(List.of(way("10.1.0.0/16", "10.2.0.0/16")));
        assertThat(get("10.2.0.5")).contains("dev outer");
        namespace.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
        namespace.run("ip", "route", "add", "10.1.0.0/16", "dev", "outer");
        assertThat(get("10.2.0.5", "from", "10.1.0.9", "iif", "outer")).contains("dev " + device.name());
    }

    @Test
    void anAddressThatComesLaterIsTakenForASource() throws Exception {
        List<Way> ways = List.of(way("10.1.0.0/16", "10.2.0.0/16"));
        routing.lead(ways);
        namespace.run("ip", "address", "add", "10.1.0.1/16", "dev", "outer");
        routing.lead(ways);
        assertThat(get("10.2.0.5")).contains("dev " + device.name(), "src 10.1.0.1");
    }

    @Test
    void ourOwnPacketsTakeTheOldWayWhateverGoesIn() throws Exception {
        routing.lead(List.of(way(EVERYWHERE, EVERYWHERE)));
        assertThat(get("198.51.100.2", "from", "192.0.2.1")).contains("dev " + device.name());
        assertThat(get("198.51.100.2", "from", "192.0.2.1", "mark", "0x1ce2")).contains("dev outer", "via 192.0.2.254");
    }

    @Test
    void theSameForIpv6() throws Exception {
        namespace.run("ip", "address", "add", "fd00:1::1/64", "dev", "outer", "nodad");
        routing.lead(List.of(way("fd00:1::/64", "fd00:2::/64"), way("fd00:1::/64", "2001:db8:9::/64")));
        assertThat(get("fd00:2::5", "from", "fd00:1::1")).contains("dev " + device.name(), "mtu 1400");
        assertThat(get("fd00:2::5", "from", "fd00:1::1", "mark", "0x1ce2")).contains("dev outer");
        assertThat(get("2001:db8:9::5", "from", "2001:db8::1")).contains("dev outer");
        assertThat(get("fd00:2::5")).contains("dev " + device.name(), "src fd00:1::1");
    }

    @Test
    void whatIsNotWantedAnyMoreIsTakenBack() throws Exception {
        namespace.run("ip", "address", "add", "10.1.0.1/16", "dev", "outer");
        routing.lead(List.of(way("10.1.0.0/16", "10.2.0.0/16"), way("10.1.0.0/16", "10.3.0.0/16")));
        routing.lead(List.of(way("10.1.0.0/16", "10.3.0.0/16")));
        assertThat(get("10.2.0.5", "from", "10.1.0.1")).contains("dev outer");
        assertThat(get("10.3.0.5", "from", "10.1.0.1")).contains("dev " + device.name());
        assertThat(namespace.run("ip", "route", "show", "table", Integer.toString(TABLE)))
                .doesNotContain("10.2.0.0");
        routing.lead(List.of());
        assertThat(namespace.run("ip", "rule")).hasLineCount(3);
    }

    @Test
    void whatOthersRemovedIsNoErrorToRemove() throws Exception {
        routing.lead(List.of(way("10.1.0.0/16", "10.2.0.0/16")));
        namespace.run("ip", "rule", "del", "priority", "7395");
        namespace.run("ip", "route", "flush", "table", Integer.toString(TABLE));
        routing.lead(List.of());
    }

    @Test
    void closingTakesOurRulesAwayAndNobodyElses() throws Exception {
        namespace.run("ip", "rule", "add", "priority", "7395", "from", "10.9.0.5/16", "lookup", "77");
        routing.lead(List.of(way("10.1.0.0/16", "10.2.0.0/16"), way("fd00:1::/64", "fd00:2::/64")));
        routing.close();
        assertThat(namespace.run("ip", "rule")).hasLineCount(4).contains("lookup 77");
        assertThat(namespace.run("ip", "-6", "rule")).hasLineCount(2);
        routing = null;
    }

    @Test
    void whatACrashedRunLeftIsRemovedAtTheNextStart() throws Exception {
        namespace.run("ip", "rule", "add", "priority", "7395", "from", "10.9.0.0/16", "lookup", "77");
        routing.lead(List.of(way("10.1.0.0/16", "10.2.0.0/16"), way("fd00:1::/64", "fd00:2::/64")));
        Routing next = open();
        assertThat(namespace.run("ip", "rule")).hasLineCount(4).contains("lookup 77");
        assertThat(namespace.run("ip", "-6", "rule")).hasLineCount(2);
        next.close();
    }
}
