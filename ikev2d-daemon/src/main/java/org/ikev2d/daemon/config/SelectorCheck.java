package org.ikev2d.daemon.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.SelectorSplit;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * Whether the kernel can have policies for the selectors of all tunnels of a file: not too many for a pair, and each for
 * one tunnel only.
 */
final class SelectorCheck {
    private record Owner(String tunnel, int line) {}

    private final Map<PacketSelector, Owner> owners = new HashMap<>();

    /** Says in {@code section} what is wrong with the selectors of the tunnel {@code name}. */
    void check(String name, Section section, List<TrafficSelector> locals, List<TrafficSelector> remotes) {
        if (locals.isEmpty() || remotes.isEmpty()) {
            return;
        }
        List<PacketSelector> all = new ArrayList<>();
        for (TrafficSelector local : locals) {
            for (TrafficSelector remote : remotes) {
                if (isTooMuch(local, remote)) {
                    section.wrong(
                            "local_ts",
                            "= " + local.describe() + " and remote_ts = " + remote.describe() + " need more than "
                                    + SelectorSplit.LIMIT + " policies of the kernel, which knows prefixes only",
                            "write prefixes, or ranges that fewer prefixes make up");
                } else {
                    all.addAll(SelectorSplit.split(local, remote));
                }
            }
        }
        partners("local_ts", locals, "remote_ts", remotes, section);
        partners("remote_ts", remotes, "local_ts", locals, section);
        owner(name, section, all);
    }

    /** A pair that could need millions is not even split. */
    private static boolean isTooMuch(TrafficSelector local, TrafficSelector remote) {
        long localParts = SelectorSplit.split(local, everything(local)).size();
        long remoteParts = SelectorSplit.split(everything(remote), remote).size();
        return localParts * remoteParts > (long) SelectorSplit.LIMIT * SelectorSplit.LIMIT
                || SelectorSplit.split(local, remote).size() > SelectorSplit.LIMIT;
    }

    /** All traffic of the family of {@code like}. */
    private static TrafficSelector everything(TrafficSelector like) {
        int octets = like.first().octets().size();
        byte[] ones = new byte[octets];
        Arrays.fill(ones, (byte) 0xff);
        return TrafficSelector.anyPort(new IpAddress(Bytes.wrap(new byte[octets])), new IpAddress(Bytes.wrap(ones)));
    }

    private static void partners(
            String key, List<TrafficSelector> ours, String otherKey, List<TrafficSelector> others, Section section) {
        for (TrafficSelector selector : ours) {
            if (others.stream().noneMatch(other -> couldMeet(selector, other))) {
                section.wrong(
                        key,
                        "has " + selector.describe() + ", which goes with nothing in " + otherKey,
                        "give " + otherKey
                                + " a selector of the same family and protocol; the kernel has no OPAQUE ports");
            }
        }
    }

    private static boolean couldMeet(TrafficSelector one, TrafficSelector other) {
        boolean sameFamily = one.first().isIpv4() == other.first().isIpv4();
        boolean sameProtocol =
                one.ipProtocol() == 0 || other.ipProtocol() == 0 || one.ipProtocol() == other.ipProtocol();
        boolean ports = one.startPort() <= one.endPort() && other.startPort() <= other.endPort();
        return sameFamily && sameProtocol && ports;
    }

    private void owner(String name, Section section, List<PacketSelector> selectors) {
        Owner here = new Owner(name, section.position().line());
        Optional<Owner> before = Optional.empty();
        for (PacketSelector selector : selectors) {
            Owner owner = owners.putIfAbsent(selector, here);
            if (owner != null && !owner.equals(here)) {
                before = Optional.of(owner);
            }
        }
        if (before.isPresent()) {
            section.wrong(
                    "remote_ts",
                    "together with local_ts has traffic that is tunnel "
                            + before.get().tunnel() + "'s (line " + before.get().line() + ")",
                    "give each tunnel traffic of its own");
        }
    }
}
