package org.ikev2d.daemon.doctor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.daemon.doctor.UdpHolders.Holder;

/** Whether the machine forwards, leaves tunnel traffic as it is, and has IKE's ports for us. */
record GatewayPoints(Patient patient, Tree tree, Instruments instruments, Findings findings) {
    /** How to end those whose ports IKE's are, by the names of their processes. */
    private static final Map<String, String> REMEDIES = Map.of(
            "charon", "systemctl disable --now strongswan-starter",
            "charon-systemd", "systemctl disable --now strongswan",
            "pluto", "systemctl disable --now ipsec",
            "iked", "systemctl disable --now iked",
            "racoon", "systemctl disable --now racoon");

    void look(OwnAddresses own) {
        forwarding(own, true, "ip-forward", "net.ipv4.ip_forward", "proc/sys/net/ipv4/ip_forward");
        forwarding(own, false, "ip6-forward", "net.ipv6.conf.all.forwarding", "proc/sys/net/ipv6/conf/all/forwarding");
        port(patient.policy().ikePort());
        port(patient.policy().natPort());
        translation();
    }

    private void forwarding(OwnAddresses own, boolean ipv4, String point, String name, String path) {
        boolean used = patient.localSelectors(ipv4).findAny().isPresent();
        if (!used) {
            return;
        }
        if (patient.localSelectors(ipv4).allMatch(own::hasAll)) {
            findings.fine(point, "not needed: our ends of the tunnels are this machine's own addresses");
        } else if (tree.text(path).equals(Optional.of("1"))) {
            findings.fine(point, "packets between networks and tunnels are forwarded");
        } else {
            findings.todo(
                    point,
                    "packets between networks and tunnels are not forwarded: " + name + " is "
                            + tree.text(path).orElse("not there"),
                    KernelPoints.setting(name, 1));
        }
    }

    private void port(int port) {
        String point = "udp-" + port;
        for (Holder holder : new UdpHolders(tree).of(port)) {
            boolean inOurWay = patient.tunnels().isEmpty()
                    || patient.tunnels().stream().map(TunnelPolicy::local).anyMatch(holder::holds);
            if (holder.process().isPresent() && holder.process().equals(running())) {
                findings.fine(
                        point,
                        "UDP " + port + " is held by ikev2d, which runs (process "
                                + holder.process().get() + ")");
                return;
            }
            if (inOurWay) {
                findings.todo(
                        point,
                        holder.who() + " has UDP " + port + " at " + holder.address() + ": end it, or set ike_port and"
                                + " nat_port at both ends",
                        REMEDIES.getOrDefault(holder.name(), "ss -lunp 'sport = :" + port + "'"));
                return;
            }
        }
        findings.fine(point, "nobody else has UDP " + port);
    }

    /** The process that its lock names, if that is alive. */
    private Optional<Integer> running() {
        return tree.text(patient.runtimeDir().resolve("lock").toString().substring(1))
                .filter(process -> process.matches("\\d{1,9}") && tree.has("proc/" + process))
                .map(Integer::parseInt);
    }

    private void translation() {
        Optional<String> ruleset = instruments.ruleset();
        if (ruleset.isEmpty()) {
            boolean possible = tree.lines("proc/modules").stream()
                            .anyMatch(line -> line.matches("(nft_masq|xt_MASQUERADE|nft_nat|xt_nat) .*"))
                    || tree.lines("proc/net/ip_tables_names").contains("nat");
            if (possible) {
                findings.unknown(
                        "masquerading",
                        "addresses may be translated here, and nft does not run to show how",
                        "apt-get install nftables");
            } else {
                findings.fine("masquerading", "no addresses are translated here, as far as can be seen");
            }
            return;
        }
        List<NatRules.Chain> careless = NatRules.of(ruleset.get()).careless();
        if (careless.isEmpty()) {
            findings.fine("masquerading", "no rule translates addresses of packets that go into a tunnel");
            return;
        }
        for (NatRules.Chain chain : careless) {
            findings.todo(
                    "masquerading",
                    "chain " + chain.name() + " of table " + chain.table() + " translates addresses, perhaps of packets"
                            + " that go into a tunnel too: \"" + chain.rule() + "\"",
                    "nft insert rule " + chain.table() + " " + chain.name() + " rt ipsec exists accept");
        }
    }
}
