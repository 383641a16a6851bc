package org.ikev2d.daemon.config;

import java.util.HashMap;
import java.util.Map;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * Finds tunnels with the same pair of selectors: the kernel has one policy for them, which can belong to one tunnel only.
 */
final class SelectorConflicts {
    private record Pair(TrafficSelector local, TrafficSelector remote) {}

    private record Owner(String tunnel, int line) {}

    private final Map<Pair, Owner> owners = new HashMap<>();

    /** Complains in {@code section} where a tunnel that came before has a pair of {@code tunnel}'s. */
    void check(TunnelPolicy tunnel, Section section) {
        for (TrafficSelector local : tunnel.localSelectors()) {
            for (TrafficSelector remote : tunnel.remoteSelectors()) {
                Owner here = new Owner(tunnel.name(), section.position().line());
                Owner before = owners.putIfAbsent(new Pair(local, remote), here);
                if (before != null) {
                    section.wrong(
                            "remote_ts",
                            "together with local_ts has " + local.describe() + " to " + remote.describe()
                                    + ", which is tunnel " + before.tunnel() + "'s (line " + before.line() + ")",
                            "give each tunnel traffic of its own");
                    return;
                }
            }
        }
    }
}
