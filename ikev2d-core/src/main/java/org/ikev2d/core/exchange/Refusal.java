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
    private final int protocol;
    private final Bytes spi;

    public Refusal(NotifyType notifyType, String text) {
        this(notifyType, Bytes.empty(), text);
    }

    /** @param data of the notify: for INVALID_KE_PAYLOAD the method that is wanted */
    public Refusal(NotifyType notifyType, Bytes data, String text) {
        this(notifyType, data, 0, Bytes.empty(), text);
    }

    private Refusal(NotifyType notifyType, Bytes data, int protocol, Bytes spi, String text) {
        super(text, null, false, false);
        this.notifyType = notifyType;
        this.data = data;
        this.protocol = protocol;
        this.spi = spi;
    }

    /** There is no such Child SA as {@code rekey} names; the answer names it too (RFC 7296 §2.25). */
    public static Refusal childNotFound(Payload.Notify rekey) {
        return new Refusal(
                NotifyType.CHILD_SA_NOT_FOUND,
                Bytes.empty(),
                rekey.protocol(),
                rekey.spi(),
                "there is no Child SA with SPI " + rekey.spi());
    }

    public static Refusal syntax(String text) {
        return new Refusal(NotifyType.INVALID_SYNTAX, text);
    }

    public NotifyType notifyType() {
        return notifyType;
    }

    public Payload.Notify toNotify() {
        return new Payload.Notify(protocol, spi, notifyType.code(), data);
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
