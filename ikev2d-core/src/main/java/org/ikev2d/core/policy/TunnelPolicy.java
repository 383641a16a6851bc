package org.ikev2d.core.policy;

import java.util.List;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * One configured tunnel.
 *
 * @param name unique
 * @param credentials what is secret in them is lent by the daemon
 * @param mode of its Child SAs; in transport mode the selectors have the addresses of the two ends and no others
 * @param localSelectors at least one
 * @param ikeProposals at least one, in order of preference
 * @param espProposals at least one, in order of preference
 * @param ikeLifetime of an IKE SA's keys, and of what its ends have proven
 * @param childLifetime of each Child SA's keys
 * @param reqId the even one of the tunnel's pair
 */
public record TunnelPolicy(
        String name,
        IpAddress local,
        IpAddress remote,
        Credentials credentials,
        EspMode mode,
        List<TrafficSelector> localSelectors,
        List<TrafficSelector> remoteSelectors,
        Start start,
        OnStop onStop,
        Childless childless,
        QueuePolicy queues,
        List<IkeProposal> ikeProposals,
        List<EspProposal> espProposals,
        LivenessPolicy liveness,
        IkeLifetime ikeLifetime,
        ChildLifetime childLifetime,
        int replayWindow,
        PathPolicy path,
        ReqId reqId) {
    public TunnelPolicy {
        localSelectors = List.copyOf(localSelectors);
        remoteSelectors = List.copyOf(remoteSelectors);
        ikeProposals = List.copyOf(ikeProposals);
        espProposals = List.copyOf(espProposals);
    }

    public TunnelPolicy withQueues(QueuePolicy others) {
        return new TunnelPolicy(
                name,
                local,
                remote,
                credentials,
                mode,
                localSelectors,
                remoteSelectors,
                start,
                onStop,
                childless,
                others,
                ikeProposals,
                espProposals,
                liveness,
                ikeLifetime,
                childLifetime,
                replayWindow,
                path,
                reqId);
    }

    public TunnelPolicy withReqId(ReqId other) {
        return new TunnelPolicy(
                name,
                local,
                remote,
                credentials,
                mode,
                localSelectors,
                remoteSelectors,
                start,
                onStop,
                childless,
                queues,
                ikeProposals,
                espProposals,
                liveness,
                ikeLifetime,
                childLifetime,
                replayWindow,
                path,
                other);
    }

    public TunnelPolicy withCredentials(Credentials others) {
        return new TunnelPolicy(
                name,
                local,
                remote,
                others,
                mode,
                localSelectors,
                remoteSelectors,
                start,
                onStop,
                childless,
                queues,
                ikeProposals,
                espProposals,
                liveness,
                ikeLifetime,
                childLifetime,
                replayWindow,
                path,
                reqId);
    }

    /** ESP in UDP though there is no NAT. */
    public boolean forceEncapsulation() {
        return path.encap() != PathPolicy.Encap.AUTO;
    }

    /** With {@link #forceEncapsulation}. */
    public TunnelPolicy withForcedEncapsulation() {
        return new TunnelPolicy(
                name,
                local,
                remote,
                credentials,
                mode,
                localSelectors,
                remoteSelectors,
                start,
                onStop,
                childless,
                queues,
                ikeProposals,
                espProposals,
                liveness,
                ikeLifetime,
                childLifetime,
                replayWindow,
                path.forced(),
                reqId);
    }

    /** Whether the same traffic goes between the same ends as with {@code other}. */
    public boolean leadsAs(TunnelPolicy other) {
        return local.equals(other.local)
                && remote.equals(other.remote)
                && mode == other.mode
                && localSelectors.equals(other.localSelectors)
                && remoteSelectors.equals(other.remoteSelectors);
    }

    /** Whether the IKE SA and the Child SAs of a tunnel that leads as {@code other} does would be as by that. */
    public boolean hasTermsOf(TunnelPolicy other) {
        return queues.equals(other.queues)
                && ikeProposals.equals(other.ikeProposals)
                && espProposals.equals(other.espProposals)
                && liveness.equals(other.liveness)
                && ikeLifetime.equals(other.ikeLifetime)
                && childLifetime.equals(other.childLifetime)
                && replayWindow == other.replayWindow
                && path.equals(other.path);
    }

    /** Whether nothing is otherwise than in {@code other}, but what the ends prove themselves with. */
    public boolean isLike(TunnelPolicy other) {
        return withCredentials(other.credentials).equals(other);
    }

    /** Who begins. */
    public enum Start {
        /** We do, and again for ever, with back-off. */
        ALWAYS_UP,
        /** We do when there is a packet for the tunnel, and not again before there is another. */
        ON_DEMAND,
        /** The peer does. */
        RESPONDER
    }

    /** What of a tunnel's policies stays when the daemon stops without a successor. */
    public enum OnStop {
        /** Nothing: its traffic goes its way in the clear. */
        REMOVE,
        /** Policies that let nothing through, until the daemon starts again. */
        DROP
    }
}
