package org.ikev2d.xfrm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ikev2d.xfrm.codec.Samples.address;

import java.util.OptionalInt;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.ethtool.FlowType;
import org.ikev2d.xfrm.ethtool.Nic;
import org.ikev2d.xfrm.ethtool.RxMatch;
import org.ikev2d.xfrm.ethtool.RxRule;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.socket.EthtoolSocket;
import org.ikev2d.xfrm.socket.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Routes, devices and their drivers on the running kernel, in a network namespace of each test's own. */
@Tag("kernel")
class LinuxSurroundingsTest {
    private static final IpAddress LOCAL = address("192.0.2.1");
    private static final IpAddress PEER = address("198.51.100.2");

    private NetworkNamespace namespace;
    private LinuxSurroundings surroundings;
    private EthtoolSocket ethtool;

    @BeforeEach
    void open() throws Exception {
        namespace = NetworkNamespace.enter();
        surroundings = namespace.call(LinuxSurroundings::open);
        ethtool = namespace.call(EthtoolSocket::open);
        namespace.run("ip", "link", "set", "lo", "up");
        namespace.run(
                "ip",
                "link",
                "add",
                "outer",
                "numrxqueues",
                "4",
                "numtxqueues",
                "4",
                "type",
                "veth",
                "peer",
                "name",
                "other",
                "numrxqueues",
                "4",
                "numtxqueues",
                "4");
        for (String device : new String[] {"outer", "other"}) {
            namespace.run("ip", "link", "set", device, "up");
        }
        namespace.run("ip", "address", "add", "192.0.2.1/24", "dev", "outer");
        namespace.run("ip", "-6", "address", "add", "2001:db8::1/64", "dev", "outer", "nodad");
    }

    @AfterEach
    void close() {
        if (namespace != null) {
            ethtool.close();
            surroundings.close();
            namespace.close();
        }
    }

    @Test
    void theWayToAPeer() throws Exception {
        namespace.run("ip", "route", "add", "198.51.100.0/24", "dev", "outer", "mtu", "1400");
        OuterWay way = namespace.call(() -> surroundings.way(LOCAL, PEER));
        assertThat(way.device()).isEqualTo("outer");
        assertThat(way.mtu()).isEqualTo(1400);
        assertThat(way.local()).isFalse();
        OuterWay ipv6 = namespace.call(() -> surroundings.way(address("2001:db8::1"), address("2001:db8::2")));
        assertThat(ipv6.device()).isEqualTo("outer");
        assertThat(ipv6.mtu()).isEqualTo(1500);
        assertThat(namespace.call(() -> surroundings.receivers(LOCAL, PEER))).containsExactly("outer");
    }

    @Test
    void theWayOfAnAddressThatIsNotHereIsThatOfAnyPacket() throws Exception {
        namespace.run("ip", "route", "add", "198.51.100.0/24", "dev", "outer");
        OuterWay way = namespace.call(() -> surroundings.way(address("203.0.113.1"), PEER));
        assertThat(way.device()).isEqualTo("outer");
    }

    @Test
    void whereTheSourceChoosesTheWayItIsAskedWithIt() throws Exception {
        namespace.run("ip", "route", "add", "198.51.100.0/24", "dev", "outer");
        namespace.run("ip", "route", "add", "198.51.100.0/24", "dev", "other", "table", "7");
        namespace.run("ip", "address", "add", "203.0.113.1/32", "dev", "lo");
        namespace.run("ip", "rule", "add", "from", "203.0.113.1", "table", "7");
        assertThat(namespace.call(() -> surroundings.way(LOCAL, PEER)).device()).isEqualTo("outer");
        assertThat(namespace
                        .call(() -> surroundings.way(address("203.0.113.1"), PEER))
                        .device())
                .isEqualTo("other");
    }

    @Test
    void noWayAndAWayToOurselves() throws Exception {
        assertThatThrownBy(() -> namespace.call(() -> surroundings.way(LOCAL, PEER)))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("198.51.100.2");
        assertThat(namespace.call(() -> surroundings.receivers(LOCAL, PEER))).isEmpty();
        assertThat(namespace.call(() -> surroundings.way(LOCAL, LOCAL)).local()).isTrue();
    }

    @Test
    void anInterfaceWithoutAnAddressIsAWayToo() throws Exception {
        namespace.run("ip", "address", "add", "203.0.113.1/32", "dev", "lo");
        namespace.run("ip", "-6", "address", "flush", "dev", "other");
        namespace.run("ip", "route", "add", "198.51.100.0/24", "dev", "other", "src", "203.0.113.1");
        assertThat(namespace
                        .call(() -> surroundings.way(address("203.0.113.1"), PEER))
                        .device())
                .isEqualTo("other");
    }

    /** A veth has queues and no interrupts: the kernel's answers are read, and there is nothing in them. */
    @Test
    void aDeviceWithoutInterruptsHasNoQueuesOfCpus() throws Exception {
        assertThat(namespace.call(() -> surroundings.queues("outer"))).isEmpty();
        assertThat(namespace.call(() -> surroundings.queues("unheard"))).isEmpty();
    }

    @Test
    void whatADriverSays() throws Exception {
        Nic nic = new Nic(ethtool, "outer");
        assertThat(nic.channels()).isEqualTo(new Nic.Channels(4, 4, false));
        String shown = namespace.run("ip", "-d", "link", "show", "outer");
        assertThat(shown).contains("numrxqueues 4");
        assertThat(nic.features())
                .containsKeys("rx-ntuple-filter", "esp-hw-offload", "rx-gro")
                .hasSizeGreaterThan(30);
        assertThat(nic.features().get("esp-hw-offload").fixed()).isTrue();
        assertThat(nic.features().get("rx-gro").fixed()).isFalse();
    }

    @Test
    void whatADriverRefuses() {
        Nic nic = new Nic(ethtool, "outer");
        RxRule rule = new RxRule(new RxMatch.Esp(LOCAL, new EspSpi(0xc0000001)), 1);
        refused(Errno.EOPNOTSUPP, nic::freeLocation);
        refused(Errno.EOPNOTSUPP, () -> nic.insert(rule, OptionalInt.of(1)));
        refused(Errno.EOPNOTSUPP, () -> nic.hash(FlowType.AH_ESP4));
        refused(Errno.ENODEV, () -> new Nic(ethtool, "unheard").rings());
        refused(Errno.ENODEV, () -> new Nic(ethtool, "a-name-that-no-device-has").rings());
        assertThat(nic.rule(0)).isEmpty();
    }

    @Test
    void withoutTheRightRulesAreRefused() throws Exception {
        namespace.dropRights();
        assertThatThrownBy(() -> namespace.call(() -> {
                    new Nic(ethtool, "outer")
                            .insert(new RxRule(new RxMatch.Esp(LOCAL, new EspSpi(0xc0000001)), 1), OptionalInt.of(1));
                    return 0;
                }))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM.number()));
    }

    private static void refused(Errno errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(errno.number()));
    }
}
