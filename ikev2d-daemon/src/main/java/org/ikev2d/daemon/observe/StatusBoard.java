package org.ikev2d.daemon.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;

/**
 * The last that the engine told of each tunnel. The engine's thread writes, any thread reads, nobody waits.
 *
 * <p>A tunnel that the board was not made with is not put on it.
 */
public final class StatusBoard {
    private volatile List<String> order;
    private final Map<String, TunnelStatus> latest = new ConcurrentHashMap<>();

    /** Every configured tunnel, in the policy's order, down. */
    public static StatusBoard of(EnginePolicy policy, Cpus cpus) {
        return new StatusBoard(policy.tunnels().stream()
                .map(tunnel -> down(tunnel, policy.ikePort(), cpus))
                .toList());
    }

    /** @param configured every tunnel as it is before the engine has told of it, in the order to show */
    StatusBoard(List<TunnelStatus> configured) {
        order = configured.stream().map(TunnelStatus::tunnel).toList();
        configured.forEach(status -> latest.put(status.tunnel(), status));
    }

    /** From now on the tunnels of {@code policy} are on it, in its order; those that were not, down. */
    public void follow(EnginePolicy policy, Cpus cpus) {
        policy.tunnels().forEach(tunnel -> latest.putIfAbsent(tunnel.name(), down(tunnel, policy.ikePort(), cpus)));
        order = policy.tunnels().stream().map(TunnelPolicy::name).toList();
        latest.keySet().retainAll(order);
    }

    public void update(TunnelStatus status) {
        latest.replace(status.tunnel(), status);
    }

    public Optional<TunnelStatus> of(String tunnel) {
        return Optional.ofNullable(latest.get(tunnel));
    }

    public List<TunnelStatus> all() {
        List<TunnelStatus> all = new ArrayList<>();
        order.forEach(tunnel -> of(tunnel).ifPresent(all::add));
        return all;
    }

    private static TunnelStatus down(TunnelPolicy tunnel, int ikePort, Cpus cpus) {
        int queues = tunnel.queues().count().orElse(cpus.online().size());
        return new TunnelStatus(
                tunnel.name(),
                TunnelStatus.State.DOWN,
                Optional.empty(),
                new Endpoint(tunnel.local(), ikePort),
                new Endpoint(tunnel.remote(), ikePort),
                "",
                Optional.empty(),
                Optional.empty(),
                1 + queues,
                List.of(),
                List.of(),
                "",
                Optional.empty());
    }
}
