package org.ikev2d.core.sa;

import java.util.Optional;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.registry.ExchangeType;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/** What a peer's error notify means for an operator: what happened, and what to compare with the peer. */
final class PeerErrors {
    private PeerErrors() {}

    static Failure explain(Payload.Notify error, ExchangeType exchange) {
        Optional<NotifyType> type = NotifyType.of(error.notifyType());
        String name = type.map(NotifyType::toString).orElse("notify " + error.notifyType());
        return new Failure(code(type), "the peer answered " + exchange + " with " + name + hint(type));
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

    private static String hint(Optional<NotifyType> type) {
        if (type.isEmpty()) {
            return "";
        }
        return switch (type.get()) {
            case NO_PROPOSAL_CHOSEN, INVALID_KE_PAYLOAD ->
                ": compare ike_proposals and esp_proposals with the peer's, and whether it has a connection for our"
                        + " address";
            case TS_UNACCEPTABLE ->
                ": compare local_ts with the peer's remote selectors, and remote_ts with its local" + " ones";
            case AUTHENTICATION_FAILED ->
                ": compare the PSK or the certificates, local_id and remote_id with what the peer expects";
            default -> "";
        };
    }
}
