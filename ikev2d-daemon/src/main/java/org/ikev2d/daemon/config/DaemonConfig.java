package org.ikev2d.daemon.config;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.daemon.trust.TrustRules;

/** A configuration file without faults. Owns the tunnels' secrets, which the policy only borrows. */
public final class DaemonConfig implements AutoCloseable {
    private final DaemonSettings settings;
    private final EnginePolicy unnumbered;
    private final List<Papers> papers;

    /**
     * @param unnumbered with any reqids; its secrets are taken over
     * @param papers of each tunnel
     */
    DaemonConfig(DaemonSettings settings, EnginePolicy unnumbered, List<Papers> papers) {
        this.settings = settings;
        this.unnumbered = unnumbered;
        this.papers = List.copyOf(papers);
    }

    public DaemonSettings settings() {
        return settings;
    }

    /** How the peers' certificates are judged, by the names of those tunnels whose peers show some. */
    public Map<String, TrustRules> trust() {
        return papers.stream()
                .filter(one -> one.trust().isPresent())
                .collect(Collectors.toMap(Papers::tunnel, one -> one.trust().get()));
    }

    /** How long everything holds that the tunnels live by: in the order of the file, ours first. */
    public List<Validity> validities(Instant now) {
        return papers.stream()
                .flatMap(one -> one.validities(now, settings.expiryWarning()).stream())
                .toList();
    }

    /** The tunnels' names in the order of the file. */
    public List<String> tunnels() {
        return unnumbered.tunnels().stream().map(TunnelPolicy::name).toList();
    }

    /**
     * What the engine is told; its secrets live until this is closed.
     *
     * @param reqIds one for each tunnel, from {@link ReqIdRecord#assign}
     */
    public EnginePolicy policy(Map<String, ReqId> reqIds) {
        return unnumbered.withTunnels(unnumbered.tunnels().stream()
                .map(tunnel -> tunnel.withReqId(Objects.requireNonNull(reqIds.get(tunnel.name()), tunnel.name())))
                .toList());
    }

    /**
     * What of this a daemon that runs by {@code other} does not take over while it runs: lines for an operator.
     */
    public List<String> needsRestart(DaemonConfig other) {
        Map<String, Function<DaemonConfig, Object>> keys = new LinkedHashMap<>();
        keys.put("runtime_dir", config -> config.settings.runtimeDir());
        keys.put("control_socket", config -> config.settings.controlSocket());
        keys.put("control_group", config -> config.settings.controlGroup());
        keys.put("log_level", config -> config.settings.logLevel());
        keys.put("dataplane", config -> config.settings.dataPlane());
        keys.put("userspace", config -> config.settings.userspace());
        keys.put("steering", config -> config.settings.steering());
        keys.put("ike_port", config -> config.unnumbered.ikePort());
        keys.put("nat_port", config -> config.unnumbered.natPort());
        keys.put("fragment_size", config -> config.unnumbered.fragmentSize());
        keys.put("window_size", config -> config.unnumbered.windowSize());
        return keys.entrySet().stream()
                .filter(key -> !key.getValue().apply(this).equals(key.getValue().apply(other)))
                .map(key -> "restart needed for " + key.getKey() + ": it is taken at the start only")
                .toList();
    }

    /** Zeroes the secrets; the engine must have ended, or have others. */
    @Override
    public void close() {
        unnumbered.tunnels().forEach(tunnel -> tunnel.credentials().close());
    }
}
