package org.ikev2d.core.exchange;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/**
 * What a peer sent cannot be agreed to. As a responder we answer with its notify; as an initiator we give the exchange up.
 * Stackless, because a peer can cause it at will.
 */
public final class Refusal extends Exception {
    private final NotifyType notifyType;
    private final Bytes data;

    public Refusal(NotifyType notifyType, String text) {
        this(notifyType, Bytes.empty(), text);
    }

    /** @param data of the notify: for INVALID_KE_PAYLOAD the method that is wanted */
    public Refusal(NotifyType notifyType, Bytes data, String text) {
        super(text, null, false, false);
        this.notifyType = notifyType;
        this.data = data;
    }

    public static Refusal syntax(String text) {
        return new Refusal(NotifyType.INVALID_SYNTAX, text);
    }

    public NotifyType notifyType() {
        return notifyType;
    }

    public Payload.Notify toNotify() {
        return Payload.Notify.of(notifyType, data);
    }

    /** The same as the end of an IKE SA. */
    public Failure toFailure() {
        return new Failure(
                switch (notifyType) {
                    case NO_PROPOSAL_CHOSEN, INVALID_KE_PAYLOAD -> Failure.Code.NO_PROPOSAL_CHOSEN;
                    case TS_UNACCEPTABLE, TS_MAX_QUEUE -> Failure.Code.TS_UNACCEPTABLE;
                    case AUTHENTICATION_FAILED -> Failure.Code.AUTHENTICATION_FAILED;
                    case TEMPORARY_FAILURE -> Failure.Code.KERNEL_REFUSED;
                    default -> Failure.Code.PEER_MISBEHAVED;
                },
                getMessage());
    }
}
