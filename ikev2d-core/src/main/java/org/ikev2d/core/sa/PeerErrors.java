package org.ikev2d.core.sa;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.policy.ProposalWords;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.wire.TrafficSelector;

/** What a peer's error notify means for an operator: what happened, and what to compare with the peer. */
final class PeerErrors {
    private PeerErrors() {}

    static Failure explain(Payload.Notify error, ExchangeType exchange, TunnelPolicy ours) {
        Optional<NotifyType> type = NotifyType.of(error.notifyType());
        return new Failure(
                code(type),
                "the peer answered " + exchange + " with " + name(error, type) + hint(type, exchange, ours));
    }

    /** What it means that the IKE SA could not be rekeyed. */
    static String explainRekey(Payload.Notify error) {
        Optional<NotifyType> type = NotifyType.of(error.notifyType());
        String hint = code(type) == Failure.Code.NO_PROPOSAL_CHOSEN ? ": compare ike_proposals with the peer's" : "";
        return "the peer answered with " + name(error, type) + hint;
    }

    private static String name(Payload.Notify error, Optional<NotifyType> type) {
        return type.map(NotifyType::toString).orElse("notify " + error.notifyType());
    }

    private static Failure.Code code(Optional<NotifyType> type) {
        if (type.isEmpty()) {
            return Failure.Code.PEER_REFUSED;
        }
        return switch (type.get()) {
            case NO_PROPOSAL_CHOSEN, INVALID_KE_PAYLOAD -> Failure.Code.NO_PROPOSAL_CHOSEN;
            case TS_UNACCEPTABLE, TS_MAX_QUEUE, SINGLE_PAIR_REQUIRED -> Failure.Code.TS_UNACCEPTABLE;
            case AUTHENTICATION_FAILED -> Failure.Code.AUTHENTICATION_FAILED;
            default -> Failure.Code.PEER_REFUSED;
        };
    }

    private static String hint(Optional<NotifyType> type, ExchangeType exchange, TunnelPolicy ours) {
        if (type.isEmpty()) {
            return "";
        }
        return switch (type.get()) {
            case NO_PROPOSAL_CHOSEN, INVALID_KE_PAYLOAD -> proposals(exchange, ours);
            case TS_UNACCEPTABLE ->
                ": compare local_ts, " + words(ours.localSelectors()) + ", with the peer's remote selectors, and"
                        + " remote_ts, " + words(ours.remoteSelectors()) + ", with its local ones";
            case AUTHENTICATION_FAILED ->
                ": compare the PSK or the certificates, local_id, "
                        + ours.credentials().localId().describe()
                        + ", and remote_id"
                        + ours.credentials()
                                .ppk()
                                .map(ppk -> ", ppk_id, \"" + ppk.name() + "\", and the PPK's key")
                                .orElse("")
                        + " with what the peer expects";
            default -> "";
        };
    }

    /** A peer that has nothing for our address says the same in IKE_SA_INIT as one with other proposals. */
    private static String proposals(ExchangeType exchange, TunnelPolicy ours) {
        return exchange == ExchangeType.IKE_SA_INIT
                ? ": compare ike_proposals with the peer's, and whether it has a connection for our address; we offered "
                        + ProposalWords.describeIke(ours.ikeProposals())
                : ": compare esp_proposals with the peer's; configured is "
                        + ProposalWords.describeEsp(ours.espProposals());
    }

    private static String words(List<TrafficSelector> selectors) {
        return selectors.stream().map(TrafficSelector::describe).collect(Collectors.joining(","));
    }
}
