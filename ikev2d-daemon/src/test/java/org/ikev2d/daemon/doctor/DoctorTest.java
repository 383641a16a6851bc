package org.ikev2d.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.ikev2d.xfrm.OuterWay;
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
    private Examined examined;

    @BeforeEach
    void open() throws IOException {
        machine = new FakeMachine(root);
        examined = new Examined(machine);
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
    void whatTheTunnelLivesByIsAmongItsPoints() throws IOException {
        machine.paper(new Patient.Paper("b", "certificate", false, "our certificate expires"));
        machine.paper(new Patient.Paper("b", "authority", true, "the certificate in ca_files holds"));
        examined.todo("certificate", "our certificate expires");
        examined.fine("authority", "the certificate in ca_files holds");
    }

    @Test
    void anOldKernelMakesOrdinaryTunnels() throws IOException {
        machine.file("proc/sys/kernel/osrelease", "6.8.0-generic\n");
        machine.cannot("SA_PCPU", "the kernel is older than Linux 6.13");
        examined.todo("kernel", "Linux 6.8.0-generic has no SAs for single CPUs");
    }

    @Test
    void withoutXfrmOrEspModulesAreLoaded() throws IOException {
        machine.cannot("ESP4", "protocol not supported");
        examined.todo("esp4", "no ESP over IPv4", "modprobe esp4", "echo esp4 >>/etc/modules-load.d/ikev2d.conf");
        examined.absent("esp4_offload");
        machine.cannot("XFRM", "protocol not supported");
        examined.todo("xfrm", "protocol not supported", "modprobe xfrm_user");
    }

    @Test
    void withoutTheRightToAskNothingIsSaidOfWhatTheKernelCan() throws IOException {
        machine.cannot("CAP_NET_ADMIN", "operation not permitted");
        machine.cannot("ESP4", "operation not permitted");
        examined.unknown("kernel", "operation not permitted");
        examined.absent("esp4");
    }

    @Test
    void aDataPlaneOfOurOwnNeedsNoEspOfTheKernels() throws IOException {
        machine.kernelPlane = false;
        machine.cannot("ESP4", "protocol not supported");
        examined.fine("kernel", "does not need its ESP");
        examined.absent("esp4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proc/modules", "sys/module/esp4_offload/refcnt", "lib/modules/6.18.1/modules.builtin"})
    void theOffloadModuleIsThereLoadedOrBuiltIn(String path) throws IOException {
        machine.file("proc/modules", "esp4 1 0 - Live 0x0\n");
        examined.todo(
                "esp4_offload",
                "each packet goes through ESP alone",
                "modprobe esp4_offload",
                "echo esp4_offload >>/etc/modules-load.d/ikev2d.conf");
        machine.file(path, "kernel/net/ipv4/esp4_offload.ko\n");
        if (path.equals("proc/modules")) {
            machine.file(path, "esp4_offload 16384 0 - Live 0x0\n");
        }
        examined.fine("esp4_offload", "together");
    }

    @ParameterizedTest
    @CsvSource({"3, true", "5, false", "60, false", "165, true"})
    void aQuestionOfTheKernelsMustLapseInTime(int seconds, boolean spoilt) throws IOException {
        machine.file("proc/sys/net/core/xfrm_acq_expires", seconds + "\n");
        if (spoilt) {
            examined.todo(
                    "xfrm-acq-expires",
                    "lapses after " + seconds + " s",
                    "sysctl -w net.core.xfrm_acq_expires=30",
                    "echo net.core.xfrm_acq_expires=30 >>/etc/sysctl.d/ikev2d.conf");
        } else {
            examined.fine("xfrm-acq-expires", "lapses after " + seconds + " s");
        }
    }

    @Test
    void setsMadeOnDemandWantTheKernelToQueue() throws IOException {
        machine.configure("psk_file", "queue_mode = \"on-demand\"\npsk_file");
        examined.todo(
                "xfrm-larval-drop",
                "the kernel can queue them",
                "sysctl -w net.core.xfrm_larval_drop=0",
                "echo net.core.xfrm_larval_drop=0 >>/etc/sysctl.d/ikev2d.conf");
        machine.file("proc/sys/net/core/xfrm_larval_drop", "0\n");
        examined.fine("xfrm-larval-drop", "are queued");
    }

    @Test
    void theGuardNeedsPerl() throws IOException {
        machine.remove("usr/bin/perl");
        examined.todo("guard", "no /usr/bin/perl", "apt-get install perl-base");
    }

    @Test
    void aGatewayForwardsButNotForItself() throws IOException {
        machine.file("proc/sys/net/ipv4/ip_forward", "0\n");
        examined.todo(
                "ip-forward",
                "net.ipv4.ip_forward is 0",
                "sysctl -w net.ipv4.ip_forward=1",
                "echo net.ipv4.ip_forward=1 >>/etc/sysctl.d/ikev2d.conf");
        machine.configure("10.1.0.0/16", "192.0.2.1");
        examined.fine("ip-forward", "not needed");
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
        examined.fine("local", "2001:db8::1");
        examined.absent("ip-forward");
        examined.absent("esp4");
        examined.absent("hash-esp4");
        examined.todo(
                "ip6-forward",
                "not there",
                "sysctl -w net.ipv6.conf.all.forwarding=1",
                "echo net.ipv6.conf.all.forwarding=1 >>/etc/sysctl.d/ikev2d.conf");
        examined.todo(
                "esp6_offload",
                "alone",
                "modprobe esp6_offload",
                "echo esp6_offload >>/etc/modules-load.d/ikev2d.conf");
        examined.fine("hash-esp6", "SPI");
        examined.fine("mtu", "which leaves 1418 inside");
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
        examined.todo("udp-500", "another program has UDP 500 at 0.0.0.0", "ss -lunp 'sport = :500'");
        machine.process(812, "charon-systemd", 4711);
        examined.todo("udp-500", "charon-systemd (process 812)", "systemctl disable --now strongswan");
        examined.fine("udp-4500", "nobody else");
    }

    @Test
    void aPortAtAnotherAddressIsNotInOurWay() throws IOException {
        // 192.0.2.1 and 192.0.2.9, as a little-endian machine writes them.
        bound("010200C0:1194", 4711);
        examined.todo("udp-4500", "at 192.0.2.1", "ss -lunp 'sport = :4500'");
        bound("090200C0:1194", 4711);
        examined.fine("udp-4500", "nobody else");
    }

    @Test
    void aSocketForEveryAddressOfIpv6IsInTheWayToo() throws IOException {
        machine.file(
                "proc/net/udp6",
                "  12: 00000000000000000000000000000000:01F4 00000000000000000000000000000000:0000 07 00000000:00000000"
                        + " 00:00000000 00000000     0        0 4711 2 0000000000000000 0\n");
        machine.process(99, "pluto", 4711);
        examined.todo("udp-500", "pluto (process 99) has UDP 500 at ::", "systemctl disable --now ipsec");
    }

    @Test
    void theDaemonThatRunsMayHaveItsPort() throws IOException {
        bound("010200C0:01F4", 4711);
        machine.process(77, "java", 4711);
        machine.file("run/ikev2d/lock", "77\n");
        examined.fine("udp-500", "held by ikev2d, which runs (process 77)");
        machine.file("run/ikev2d/lock", "78\n");
        examined.todo("udp-500", "java (process 77)", "ss -lunp 'sport = :500'");
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
        examined.todo(
                "masquerading",
                "chain postrouting of table ip nat translates addresses, perhaps of packets that go into a tunnel too:"
                        + " \"oifname \"eth0\" masquerade\"",
                "nft insert rule ip nat postrouting rt ipsec exists accept");
        machine.ruleset = machine.ruleset.map(rules -> rules.replace("oifname", "rt ipsec exists accept\n oifname"));
        examined.fine("masquerading", "no rule");
        machine.ruleset = machine.ruleset.map(rules -> rules.replace("ipsec exists accept\n", "ipsec missing "));
        examined.fine("masquerading", "no rule");
    }

    @Test
    void whereNftDoesNotRunModulesTellWhetherItMatters() throws IOException {
        machine.ruleset = Optional.empty();
        examined.fine("masquerading", "as far as can be seen");
        machine.file("proc/modules", "esp4_offload 1 0 - Live 0x0\nnft_masq 1 0 - Live 0x0\n");
        examined.unknown("masquerading", "nft does not run");
    }

    @Test
    void theMachineHasTheLocalAddress() throws IOException {
        machine.file("proc/net/fib_trie", "");
        examined.todo("local", "does not have the address 192.0.2.1", "ip address add 192.0.2.1/32 dev DEVICE");
    }

    @Test
    void thereIsAWayToThePeerAndBeyond() throws IOException {
        machine.ways.clear();
        examined.todo("route", "network is unreachable", "ip route add 198.51.100.2 via GATEWAY");
        examined.todo("network-10.2.0.0/16", "no route", "ip route add 10.2.0.0/16 via GATEWAY");
        examined.absent("receive-queues");
        machine.way("198.51.100.2", new OuterWay("lo", 65536, true));
        examined.todo("route", "this machine's own");
        machine.way("10.2.0.0", new OuterWay("lo", 65536, true));
        examined.todo("network-10.2.0.0/16", "this machine has 10.2.0.0 itself");
    }

    @Test
    void whatFitsInsideMustBeEnoughForIpv6() throws IOException {
        examined.fine("mtu", "1500 octets to the peer, which leaves 1438 inside");
        machine.way("198.51.100.2", new OuterWay("eth0", 1340, false));
        examined.todo("mtu", "which leaves 1278 inside", "ip link set eth0 mtu 1500");
        machine.way("198.51.100.2", new OuterWay("eth0", 1344, false));
        examined.fine("mtu", "which leaves 1282 inside");
    }

    @Test
    void aStrictReversePathFilterIsExplained() throws IOException {
        examined.fine("rp-filter", "loose");
        machine.file("proc/sys/net/ipv4/conf/eth0/rp_filter", "1\n");
        examined.fine("rp-filter", "strict");
        machine.file("proc/sys/net/ipv4/conf/eth0/rp_filter", "0\n");
        examined.fine("rp-filter", "off");
    }
}
