package org.ikev2d.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.xfrm.OuterWay;
import org.ikev2d.xfrm.ethtool.Nic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoctorTest {
    @TempDir
    private Path root;

    private FakeMachine machine;

    @BeforeEach
    void open() throws IOException {
        machine = new FakeMachine(root);
    }

    private Finding find(String point) throws IOException {
        List<Finding> found = machine.examine().stream()
                .filter(finding -> finding.point().equals(point))
                .toList();
        assertThat(found).as(point).hasSize(1);
        return found.get(0);
    }

    private void todo(String point, String text, String... commands) throws IOException {
        Finding finding = find(point);
        assertThat(finding.verdict()).as(finding.text()).isEqualTo(Verdict.TODO);
        assertThat(finding.text()).contains(text);
        assertThat(finding.commands()).containsExactly(commands);
    }

    private void fine(String point, String text) throws IOException {
        Finding finding = find(point);
        assertThat(finding.verdict()).as(finding.text()).isEqualTo(Verdict.FINE);
        assertThat(finding.text()).contains(text);
        assertThat(finding.commands()).isEmpty();
    }

    private void unknown(String point, String text) throws IOException {
        Finding finding = find(point);
        assertThat(finding.verdict()).as(finding.text()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.text()).contains(text);
    }

    private void absent(String point) throws IOException {
        assertThat(machine.examine()).noneMatch(finding -> finding.point().equals(point));
    }

    @Test
    void onAMachineThatIsReadyAllIsFine() throws IOException {
        List<Finding> findings = machine.examine();
        assertThat(findings).allMatch(finding -> finding.verdict() == Verdict.FINE);
        assertThat(findings)
                .extracting(finding -> finding.about() + "/" + finding.point())
                .containsExactly(
                        "machine/xfrm",
                        "machine/kernel",
                        "machine/esp4",
                        "machine/esp4_offload",
                        "machine/xfrm-acq-expires",
                        "machine/xfrm-larval-drop",
                        "machine/guard",
                        "machine/ip-forward",
                        "machine/udp-500",
                        "machine/udp-4500",
                        "machine/masquerading",
                        "tunnel b/local",
                        "tunnel b/route",
                        "tunnel b/mtu",
                        "tunnel b/rp-filter",
                        "tunnel b/network-10.2.0.0/16",
                        "eth0/receive-queues",
                        "eth0/hash-esp4",
                        "eth0/hash-udp4",
                        "eth0/interrupts",
                        "eth0/rps",
                        "eth0/receive-rules",
                        "eth0/esp-hw-offload");
    }

    @Test
    void anOldKernelMakesOrdinaryTunnels() throws IOException {
        machine.file("proc/sys/kernel/osrelease", "6.8.0-generic\n");
        machine.cannot("SA_PCPU", "the kernel is older than Linux 6.13");
        todo("kernel", "Linux 6.8.0-generic has no SAs for single CPUs");
    }

    @Test
    void withoutXfrmOrEspModulesAreLoaded() throws IOException {
        machine.cannot("ESP4", "protocol not supported");
        todo("esp4", "no ESP over IPv4", "modprobe esp4", "echo esp4 >>/etc/modules-load.d/ikev2d.conf");
        absent("esp4_offload");
        machine.cannot("XFRM", "protocol not supported");
        todo("xfrm", "protocol not supported", "modprobe xfrm_user");
    }

    @Test
    void withoutTheRightToAskNothingIsSaidOfWhatTheKernelCan() throws IOException {
        machine.cannot("CAP_NET_ADMIN", "operation not permitted");
        machine.cannot("ESP4", "operation not permitted");
        unknown("kernel", "operation not permitted");
        absent("esp4");
    }

    @Test
    void aDataPlaneOfOurOwnNeedsNoEspOfTheKernels() throws IOException {
        machine.kernelPlane = false;
        machine.cannot("ESP4", "protocol not supported");
        fine("kernel", "does not need its ESP");
        absent("esp4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc/modules", "sys/module/esp4_offload/refcnt", "lib/modules/6.18.1/modules.builtin"})
    void theOffloadModuleIsThereLoadedOrBuiltIn(String path) throws IOException {
        machine.file("proc/modules", "esp4 1 0 - Live 0x0\n");
        todo(
                "esp4_offload",
                "each packet goes through ESP alone",
                "modprobe esp4_offload",
                "echo esp4_offload >>/etc/modules-load.d/ikev2d.conf");
        machine.file(path, "kernel/net/ipv4/esp4_offload.ko\n");
        if (path.equals("proc/modules")) {
            machine.file(path, "esp4_offload 16384 0 - Live 0x0\n");
        }
        fine("esp4_offload", "together");
    }

    @ParameterizedTest
    @CsvSource({"3, true", "5, false", "60, false", "165, true"})
    void aQuestionOfTheKernelsMustLapseInTime(int seconds, boolean spoilt) throws IOException {
        machine.file("proc/sys/net/core/xfrm_acq_expires", seconds + "\n");
        if (spoilt) {
            todo(
                    "xfrm-acq-expires",
                    "lapses after " + seconds + " s",
                    "sysctl -w net.core.xfrm_acq_expires=30",
                    "echo net.core.xfrm_acq_expires=30 >>/etc/sysctl.d/ikev2d.conf");
        } else {
            fine("xfrm-acq-expires", "lapses after " + seconds + " s");
        }
    }

    @Test
    void setsMadeOnDemandWantTheKernelToQueue() throws IOException {
        machine.configure("psk_file", "queue_mode = \"on-demand\"\npsk_file");
        todo(
                "xfrm-larval-drop",
                "the kernel can queue them",
                "sysctl -w net.core.xfrm_larval_drop=0",
                "echo net.core.xfrm_larval_drop=0 >>/etc/sysctl.d/ikev2d.conf");
        machine.file("proc/sys/net/core/xfrm_larval_drop", "0\n");
        fine("xfrm-larval-drop", "are queued");
    }

    @Test
    void theGuardNeedsPerl() throws IOException {
        machine.remove("usr/bin/perl");
        todo("guard", "no /usr/bin/perl", "apt-get install perl-base");
    }

    @Test
    void aGatewayForwardsButNotForItself() throws IOException {
        machine.file("proc/sys/net/ipv4/ip_forward", "0\n");
        todo(
                "ip-forward",
                "net.ipv4.ip_forward is 0",
                "sysctl -w net.ipv4.ip_forward=1",
                "echo net.ipv4.ip_forward=1 >>/etc/sysctl.d/ikev2d.conf");
        machine.configure("10.1.0.0/16", "192.0.2.1");
        fine("ip-forward", "not needed");
    }

    @Test
    void ipv6HasForwardingAndAddressesOfItsOwn() throws IOException {
        machine.file("proc/net/if_inet6", "20010db8000000000000000000000001 02 40 00 80     eth0\n");
        machine.configure("192.0.2.1", "2001:db8::1");
        machine.configure("198.51.100.2", "2001:db8:1::2");
        machine.configure("10.1.0.0/16", "2001:db8:a::/48");
        machine.configure("10.2.0.0/16", "2001:db8:b::/48");
        machine.way("2001:db8:1::2", new OuterWay("eth0", 1500, false));
        machine.way("2001:db8:b::", new OuterWay("eth0", 1500, false));
        fine("local", "2001:db8::1");
        absent("ip-forward");
        absent("esp4");
        absent("hash-esp4");
        todo(
                "ip6-forward",
                "not there",
                "sysctl -w net.ipv6.conf.all.forwarding=1",
                "echo net.ipv6.conf.all.forwarding=1 >>/etc/sysctl.d/ikev2d.conf");
        todo("esp6_offload", "alone", "modprobe esp6_offload", "echo esp6_offload >>/etc/modules-load.d/ikev2d.conf");
        fine("hash-esp6", "SPI");
        fine("mtu", "which leaves 1418 inside");
    }

    private void bound(String local, int inode) throws IOException {
        machine.file(
                "proc/net/udp",
                "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                        + "  12: " + local
                        + " 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 " + inode
                        + " 2 0000000000000000 0\n");
    }

    @Test
    void anotherDaemonHasOurPort() throws IOException {
        bound("00000000:01F4", 4711);
        todo("udp-500", "another program has UDP 500 at 0.0.0.0", "ss -lunp 'sport = :500'");
        machine.process(812, "charon-systemd", 4711);
        todo("udp-500", "charon-systemd (process 812)", "systemctl disable --now strongswan");
        fine("udp-4500", "nobody else");
    }

    @Test
    void aPortAtAnotherAddressIsNotInOurWay() throws IOException {
        // 192.0.2.1 and 192.0.2.9, as a little-endian machine writes them.
        bound("010200C0:1194", 4711);
        todo("udp-4500", "at 192.0.2.1", "ss -lunp 'sport = :4500'");
        bound("090200C0:1194", 4711);
        fine("udp-4500", "nobody else");
    }

    @Test
    void aSocketForEveryAddressOfIpv6IsInTheWayToo() throws IOException {
        machine.file(
                "proc/net/udp6",
                "  12: 00000000000000000000000000000000:01F4 00000000000000000000000000000000:0000 07 00000000:00000000"
                        + " 00:00000000 00000000     0        0 4711 2 0000000000000000 0\n");
        machine.process(99, "pluto", 4711);
        todo("udp-500", "pluto (process 99) has UDP 500 at ::", "systemctl disable --now ipsec");
    }

    @Test
    void theDaemonThatRunsMayHaveItsPort() throws IOException {
        bound("010200C0:01F4", 4711);
        machine.process(77, "java", 4711);
        machine.file("run/ikev2d/lock", "77\n");
        fine("udp-500", "held by ikev2d, which runs (process 77)");
        machine.file("run/ikev2d/lock", "78\n");
        todo("udp-500", "java (process 77)", "ss -lunp 'sport = :500'");
    }

    @Test
    void masqueradingMustLeaveTunnelsAlone() throws IOException {
        machine.ruleset = Optional.of("""
                table ip nat {
                	chain postrouting {
                		type nat hook postrouting priority srcnat; policy accept;
                		oifname "eth0" masquerade
                	}
                }
                """);
        todo(
                "masquerading",
                "chain postrouting of table ip nat translates addresses, perhaps of packets that go into a tunnel too:"
                        + " \"oifname \"eth0\" masquerade\"",
                "nft insert rule ip nat postrouting rt ipsec exists accept");
        machine.ruleset = machine.ruleset.map(rules -> rules.replace("oifname", "rt ipsec exists accept\n oifname"));
        fine("masquerading", "no rule");
        machine.ruleset = machine.ruleset.map(rules -> rules.replace("ipsec exists accept\n", "ipsec missing "));
        fine("masquerading", "no rule");
    }

    @Test
    void whereNftDoesNotRunModulesTellWhetherItMatters() throws IOException {
        machine.ruleset = Optional.empty();
        fine("masquerading", "as far as can be seen");
        machine.file("proc/modules", "esp4_offload 1 0 - Live 0x0\nnft_masq 1 0 - Live 0x0\n");
        unknown("masquerading", "nft does not run");
    }

    @Test
    void theMachineHasTheLocalAddress() throws IOException {
        machine.file("proc/net/fib_trie", "");
        todo("local", "does not have the address 192.0.2.1", "ip address add 192.0.2.1/32 dev DEVICE");
    }

    @Test
    void thereIsAWayToThePeerAndBeyond() throws IOException {
        machine.ways.clear();
        todo("route", "network is unreachable", "ip route add 198.51.100.2 via GATEWAY");
        todo("network-10.2.0.0/16", "no route", "ip route add 10.2.0.0/16 via GATEWAY");
        absent("receive-queues");
        machine.way("198.51.100.2", new OuterWay("lo", 65536, true));
        todo("route", "this machine's own");
        machine.way("10.2.0.0", new OuterWay("lo", 65536, true));
        todo("network-10.2.0.0/16", "this machine has 10.2.0.0 itself");
    }

    @Test
    void whatFitsInsideMustBeEnoughForIpv6() throws IOException {
        fine("mtu", "1500 octets to the peer, which leaves 1438 inside");
        machine.way("198.51.100.2", new OuterWay("eth0", 1340, false));
        todo("mtu", "which leaves 1278 inside", "ip link set eth0 mtu 1500");
        machine.way("198.51.100.2", new OuterWay("eth0", 1344, false));
        fine("mtu", "which leaves 1282 inside");
    }

    @Test
    void aStrictReversePathFilterIsExplained() throws IOException {
        fine("rp-filter", "loose");
        machine.file("proc/sys/net/ipv4/conf/eth0/rp_filter", "1\n");
        fine("rp-filter", "strict");
        machine.file("proc/sys/net/ipv4/conf/eth0/rp_filter", "0\n");
        fine("rp-filter", "off");
    }

    @Test
    void aNicHasAQueueForEachCpu() throws IOException {
        machine.rings = OptionalInt.of(2);
        machine.channels = Optional.of(new Nic.Channels(2, 8, true));
        todo("receive-queues", "2 queues for 4 CPUs", "ethtool -L eth0 combined 4");
        machine.channels = Optional.of(new Nic.Channels(2, 3, false));
        todo("receive-queues", "2 queues for 4 CPUs", "ethtool -L eth0 rx 3");
        machine.channels = Optional.of(new Nic.Channels(2, 2, false));
        fine("receive-queues", "as many as it has");
        machine.rings = OptionalInt.empty();
        machine.channels = Optional.empty();
        fine("receive-queues", "4 queues for 4 CPUs");
    }

    @Test
    void espIsSpreadByItsSpiAndUdpByItsPorts() throws IOException {
        machine.hashes.put(Flow.ESP4, 0x30);
        machine.hashes.remove(Flow.UDP4);
        todo(
                "hash-esp4",
                "ESP is not spread by its SPI: all SAs of a peer may come in on one CPU",
                "ethtool -N eth0 rx-flow-hash esp4 sdfn");
        todo("hash-udp4", "does not tell what UDP is spread by", "ethtool -N eth0 rx-flow-hash udp4 sdfn");
        machine.file("run/ikev2d/nic-rules", "eth0 1023 5 esp 192.0.2.1 0xc0000001\n");
        fine("hash-esp4", "receive rules make up for");
        todo("hash-udp4", "does not tell", "ethtool -N eth0 rx-flow-hash udp4 sdfn");
    }

    @Test
    void withOneQueueThereIsNothingToSpread() throws IOException {
        machine.rings = OptionalInt.of(1);
        machine.channels = Optional.of(new Nic.Channels(1, 1, true));
        machine.features.put("rx-ntuple-filter", new Nic.Feature(false, false));
        fine("receive-queues", "1 queue for 4 CPUs, as many as it has");
        fine("receive-rules", "nothing to choose");
        absent("hash-esp4");
        absent("interrupts");
    }

    @Test
    void receiveRulesAreSwitchedOnWhereTheyCanBe() throws IOException {
        machine.features.put("rx-ntuple-filter", new Nic.Feature(false, false));
        todo("receive-rules", "switched off", "ethtool -K eth0 ntuple on");
        machine.steering = false;
        fine("receive-rules", "steering = \"off\"");
        machine.steering = true;
        machine.features.put("rx-ntuple-filter", new Nic.Feature(false, true));
        fine("receive-rules", "it has none");
        machine.features.clear();
        fine("receive-rules", "it has none");
    }

    @Test
    void eachQueueHasACpuOfItsOwn() throws IOException {
        machine.interrupt(1, 0);
        machine.interrupt(3, 0, 1, 2, 3);
        todo(
                "interrupts",
                "2 of 4 queues have no CPU of their own",
                "echo 1 >/proc/irq/41/smp_affinity_list",
                "echo 3 >/proc/irq/43/smp_affinity_list");
        machine.file("proc/5/comm", "irqbalance\n");
        Finding balanced = find("interrupts");
        assertThat(balanced.text()).contains("irqbalance moves them");
        assertThat(balanced.commands())
                .startsWith("systemctl disable --now irqbalance")
                .hasSize(3);
        machine.interrupts.clear();
        unknown("interrupts", "no interrupt of its queues was found");
    }

    @Test
    void queuesBeyondTheCpusShareThem() throws IOException {
        machine.interrupt(4, 0);
        machine.interrupt(5, 0, 1, 2, 3);
        fine("interrupts", "of its own");
    }

    @Test
    void packetSteeringBringsTogetherWhatTheNicHasSpread() throws IOException {
        machine.file("sys/class/net/eth0/queues/rx-2/rps_cpus", "00000000,0000000f\n");
        todo("rps", "all SAs of a peer to the same", "echo 0 >/sys/class/net/eth0/queues/rx-2/rps_cpus");
    }

    @Test
    void aDeviceOfSoftwareIsNoNic() throws IOException {
        machine.remove("sys/class/net/eth0/device/vendor");
        machine.remove("sys/class/net/eth0/device");
        fine("receive-queues", "a device of software");
        absent("receive-rules");
    }

    @Test
    void aBondIsWhatItIsMadeOf() throws IOException {
        machine.lowest.add("eth1");
        assertThat(machine.examine())
                .extracting(Finding::about)
                .contains("eth0", "eth1")
                .doesNotContain("bond0");
    }
}
