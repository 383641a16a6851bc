package org.ikev2d.daemon.config;

import java.util.List;
import java.util.Map;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;

/** A configuration file without faults. Owns the tunnels' secrets, which the policy only borrows. */
public final class DaemonConfig implements AutoCloseable {
    private final DaemonSettings settings;
    private final EnginePolicy unnumbered;

    /** @param unnumbered with any reqids; its secrets are taken over */
    DaemonConfig(DaemonSettings settings, EnginePolicy unnumbered) {
        this.settings = settings;
        this.unnumbered = unnumbered;
    }

    public DaemonSettings settings() {
        return settings;
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
        List<TunnelPolicy> tunnels = unnumbered.tunnels().stream()
                .map(tunnel -> withReqId(tunnel, reqIds.get(tunnel.name())))
                .toList();
        return new EnginePolicy(
                tunnels,
                unnumbered.ikePort(),
                unnumbered.natPort(),
                unnumbered.retransmit(),
                unnumbered.cookieThreshold(),
                unnumbered.halfOpenLimit(),
                unnumbered.halfOpenLife(),
                unnumbered.natKeepalive(),
                unnumbered.retryFirst(),
                unnumbered.retryLimit(),
                unnumbered.setGrowthPause(),
                unnumbered.acquirePause(),
                unnumbered.inboundGrace());
    }

    /** Zeroes the secrets; the engine must have ended. */
    @Override
    public void close() {
        unnumbered.tunnels().forEach(tunnel -> tunnel.psk().close());
    }

    private static TunnelPolicy withReqId(TunnelPolicy tunnel, ReqId reqId) {
        if (reqId == null) {
            throw new IllegalArgumentException("tunnel " + tunnel.name() + " has no reqid");
        }
        return new TunnelPolicy(
                tunnel.name(),
                tunnel.local(),
                tunnel.remote(),
                tunnel.localId(),
                tunnel.remoteId(),
                tunnel.psk(),
                tunnel.localSelectors(),
                tunnel.remoteSelectors(),
                tunnel.start(),
                tunnel.queues(),
                tunnel.ikeProposals(),
                tunnel.espProposals(),
                tunnel.liveness(),
                tunnel.lifetime(),
                tunnel.replayWindow(),
                tunnel.forceEncapsulation(),
                reqId);
    }
}
