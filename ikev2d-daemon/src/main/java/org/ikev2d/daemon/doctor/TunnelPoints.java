package org.ikev2d.daemon.doctor;

import java.util.Optional;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.wire.TrafficSelector;
import org.ikev2d.xfrm.OuterWay;

/** Whether a tunnel's packets get to the peer, and to the networks behind it. */
record TunnelPoints(TunnelPolicy tunnel, Tree tree, Instruments instruments, Findings findings) {
    private static final int IPV6_LEAST_MTU = 1280;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;

    /** SPI and sequence number, IV, tag; the pad length and next header stand before the tag. */
    private static final int ESP_GCM = 8 + 8 + 16;

    private static final int ESP_TRAILER = 2;

    /** @return the way to the peer, if there is one that leaves the machine */
    Optional<OuterWay> look(OwnAddresses own) {
        if (own.has(tunnel.local())) {
            findings.fine("local", "the machine has the address " + tunnel.local());
        } else {
            findings.todo(
                    "local",
                    "the machine does not have the address " + tunnel.local(),
                    "ip address add " + tunnel.local() + "/" + tunnel.local().bits() + " dev DEVICE");
        }
        Optional<OuterWay> way = peer();
        way.ifPresent(this::mtu);
        way.map(OuterWay::device).ifPresent(this::reversePath);
        tunnel.remoteSelectors().forEach(this::network);
        return way;
    }

    private Optional<OuterWay> peer() {
        OuterWay way;
        try {
            way = instruments.way(tunnel.local(), tunnel.remote());
        } catch (KernelException e) {
            findings.todo(
                    "route",
                    "no route to the peer: " + e.getMessage(),
                    "ip route add " + tunnel.remote() + " via GATEWAY");
            return Optional.empty();
        }
        if (way.local()) {
            findings.todo(
                    "route", "the peer's address, " + tunnel.remote() + ", is this machine's own: correct remote");
            return Optional.empty();
        }
        findings.fine("route", "to the peer, " + tunnel.remote() + ", through " + way.device());
        return Optional.of(way);
    }

    private void mtu(OuterWay way) {
        int header = tunnel.remote().isIpv4() ? IPV4_HEADER : IPV6_HEADER;
        int room = way.mtu() - header - UDP_HEADER - ESP_GCM;
        int inner = (room & ~3) - ESP_TRAILER;
        if (inner < IPV6_LEAST_MTU) {
            int needed = IPV6_LEAST_MTU + ESP_TRAILER + 3 + header + UDP_HEADER + ESP_GCM;
            findings.todo(
                    "mtu",
                    "packets of " + way.mtu() + " octets go to the peer, which leaves " + inner
                            + " inside (AES-GCM in UDP):" + " less than the " + IPV6_LEAST_MTU + " that IPv6 needs",
                    "ip link set " + way.device() + " mtu " + Math.max(needed, 1500));
        } else {
            findings.fine("mtu", way.mtu() + " octets to the peer, which leaves " + inner + " inside (AES-GCM in UDP)");
        }
    }

    /** Before a policy is looked at, a packet must have a way of its own. */
    private void network(TrafficSelector network) {
        String point = "network-" + network.describe().replaceFirst("\\[.*", "");
        IpAddress some = network.first();
        try {
            OuterWay way = instruments.way(tunnel.local(), some);
            if (way.local() && !network.first().equals(tunnel.remote())) {
                findings.todo(point, "this machine has " + some + " itself, which remote_ts says is behind the peer");
            } else {
                findings.fine(point, "routed through " + way.device() + ", where the policy takes it");
            }
        } catch (KernelException e) {
            findings.todo(
                    point,
                    "no route to it, so that its packets are refused before the policy sees them",
                    "ip route add " + network.describe().replaceFirst("\\[.*", "") + " via GATEWAY");
        }
    }

    private void reversePath(String device) {
        int all = filter("all");
        int own = filter(device);
        if (Math.max(all, own) == 1) {
            findings.fine(
                    "rp-filter",
                    "strict: the peer's packets must come in where those to it go out; those out of a tunnel are exempt");
        } else {
            findings.fine("rp-filter", Math.max(all, own) == 0 ? "off" : "loose");
        }
    }

    private int filter(String name) {
        return tree.text("proc/sys/net/ipv4/conf/" + name + "/rp_filter")
                .filter(value -> value.matches("\\d"))
                .map(Integer::parseInt)
                .orElse(0);
    }
}
