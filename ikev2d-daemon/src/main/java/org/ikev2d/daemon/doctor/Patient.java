package org.ikev2d.daemon.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * What the configuration says about the machine.
 *
 * @param policy with reqids of no meaning; without tunnels where there is no configuration
 * @param kernelPlane whether the kernel is to carry the packets
 * @param steering whether NICs are to be told where packets belong
 * @param papers what the tunnels live by and ends some day
 */
public record Patient(EnginePolicy policy, Path runtimeDir, boolean kernelPlane, boolean steering, List<Paper> papers) {
    public Patient {
        papers = List.copyOf(papers);
    }

    /**
     * A certificate or a list.
     *
     * @param point {@code certificate}, {@code authority} or {@code revocation-list}
     * @param fine whether it holds, and will for a while
     */
    public record Paper(String tunnel, String point, boolean fine, String text) {}

    List<TunnelPolicy> tunnels() {
        return policy.tunnels();
    }

    /** Whether gateways speak IPv4, or IPv6, to each other; both where no tunnel says. */
    boolean outer(boolean ipv4) {
        return tunnels().isEmpty()
                || tunnels().stream().anyMatch(tunnel -> tunnel.remote().isIpv4() == ipv4);
    }

    /** What is on our side of the tunnels. */
    Stream<TrafficSelector> localSelectors(boolean ipv4) {
        return tunnels().stream()
                .flatMap(tunnel -> tunnel.localSelectors().stream())
                .filter(selector -> selector.first().isIpv4() == ipv4);
    }

    boolean hasOnDemandSets() {
        return tunnels().stream().anyMatch(tunnel -> tunnel.queues().mode() == QueuePolicy.Mode.ON_DEMAND);
    }
}
