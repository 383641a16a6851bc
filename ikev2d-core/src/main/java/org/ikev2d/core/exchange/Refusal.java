package org.ikev2d.core.exchange;

import java.util.Optional;
import org.ikev2d.core.auth.CertificateFault;
import org.ikev2d.core.bytes.ByteWriter;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
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
    private final Optional<Failure.Code> code;

    public Refusal(NotifyType notifyType, String text) {
        this(notifyType, Bytes.empty(), text);
    }

    /** @param data of the notify: for INVALID_KE_PAYLOAD the method that is wanted */
    public Refusal(NotifyType notifyType, Bytes data, String text) {
        this(notifyType, data, 0, Bytes.empty(), Optional.empty(), text);
    }

    private Refusal(
            NotifyType notifyType, Bytes data, int protocol, Bytes spi, Optional<Failure.Code> code, String text) {
        super(text, null, false, false);
        this.notifyType = notifyType;
        this.data = data;
        this.protocol = protocol;
        this.spi = spi;
        this.code = code;
    }

    /** The peer's certificate is not taken; the peer is not told why. */
    public static Refusal certificate(CertificateFault fault, String text) {
        return new Refusal(
                NotifyType.AUTHENTICATION_FAILED, Bytes.empty(), 0, Bytes.empty(), Optional.of(code(fault)), text);
    }

    private static Failure.Code code(CertificateFault fault) {
        return switch (fault) {
            case UNREADABLE, BAD_SIGNATURE, EXTENSION, NO_VERDICT -> Failure.Code.CERTIFICATE_REFUSED;
            case UNKNOWN_AUTHORITY -> Failure.Code.CERTIFICATE_AUTHORITY_UNKNOWN;
            case EXPIRED -> Failure.Code.CERTIFICATE_EXPIRED;
            case NOT_YET_VALID -> Failure.Code.CERTIFICATE_NOT_YET_VALID;
            case PATH_LENGTH -> Failure.Code.CERTIFICATE_PATH_LENGTH;
            case NAME_CONSTRAINT -> Failure.Code.CERTIFICATE_NAME_CONSTRAINT;
            case USAGE -> Failure.Code.CERTIFICATE_USAGE;
            case WEAK -> Failure.Code.CERTIFICATE_WEAK;
            case REVOKED -> Failure.Code.CERTIFICATE_REVOKED;
            case REVOCATION_UNKNOWN -> Failure.Code.REVOCATION_UNKNOWN;
            case IDENTITY -> Failure.Code.CERTIFICATE_IDENTITY;
        };
    }

    /** There is no such Child SA as {@code rekey} names; the answer names it too (RFC 7296 §2.25). */
    public static Refusal childNotFound(Payload.Notify rekey) {
        return new Refusal(
                NotifyType.CHILD_SA_NOT_FOUND,
                Bytes.empty(),
                rekey.protocol(),
                rekey.spi(),
                Optional.empty(),
                "there is no Child SA with SPI " + rekey.spi());
    }

    public static Refusal syntax(String text) {
        return new Refusal(NotifyType.INVALID_SYNTAX, text);
    }

    /** What a request that cannot be read is answered with (RFC 7296 §2.5, §2.21.3). */
    public static Payload.Notify complaint(DecodeException cause) {
        return cause.fault() == DecodeException.Fault.UNKNOWN_CRITICAL
                ? Payload.Notify.of(
                        NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD,
                        new ByteWriter().u8(cause.value()).toBytes())
                : Payload.Notify.of(NotifyType.INVALID_SYNTAX);
    }

    public NotifyType notifyType() {
        return notifyType;
    }

    public Payload.Notify toNotify() {
        return new Payload.Notify(protocol, spi, notifyType.code(), data);
    }

    /** The same as the end of an IKE SA. */
    public Failure toFailure() {
        return new Failure(code.orElseGet(() -> code(notifyType)), getMessage());
    }

    private static Failure.Code code(NotifyType notifyType) {
        return switch (notifyType) {
            case NO_PROPOSAL_CHOSEN, INVALID_KE_PAYLOAD -> Failure.Code.NO_PROPOSAL_CHOSEN;
            case TS_UNACCEPTABLE, TS_MAX_QUEUE -> Failure.Code.TS_UNACCEPTABLE;
            case AUTHENTICATION_FAILED -> Failure.Code.AUTHENTICATION_FAILED;
            case TEMPORARY_FAILURE -> Failure.Code.KERNEL_REFUSED;
            default -> Failure.Code.PEER_MISBEHAVED;
        };
    }
}
