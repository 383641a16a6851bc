package org.ikev2d.core.exchange;

import java.util.Locale;

/**
 * Why an IKE SA or an attempt at one ended.
 *
 * @param text one sentence for an operator: what happened, and what to compare with the peer
 */
public record Failure(Code code, String text) {
    /** Whether something is wrong; else it is the ordinary course of things. */
    public boolean isFault() {
        return switch (code) {
            case REQUESTED, SUPERSEDED, PEER_RESTARTED -> false;
            default -> true;
        };
    }

    /** Whether the peer did not prove who it is. */
    public boolean isPeerUnproven() {
        return switch (code) {
            case AUTHENTICATION_FAILED,
                    CERTIFICATE_REFUSED,
                    CERTIFICATE_AUTHORITY_UNKNOWN,
                    CERTIFICATE_EXPIRED,
                    CERTIFICATE_NOT_YET_VALID,
                    CERTIFICATE_PATH_LENGTH,
                    CERTIFICATE_NAME_CONSTRAINT,
                    CERTIFICATE_USAGE,
                    CERTIFICATE_WEAK,
                    CERTIFICATE_REVOKED,
                    REVOCATION_UNKNOWN,
                    CERTIFICATE_IDENTITY -> true;
            default -> false;
        };
    }

    /** Stable words for machines. */
    public enum Code {
        /** No answer to any sending of a request. */
        PEER_SILENT,
        /** An error notify of the peer. */
        PEER_REFUSED,
        /** The peer broke a rule of the protocol. */
        PEER_MISBEHAVED,
        /** Nothing in common in the proposals. */
        NO_PROPOSAL_CHOSEN,
        /** Nothing in common in the traffic selectors. */
        TS_UNACCEPTABLE,
        /** An identity or its proof is wrong, at either end. */
        AUTHENTICATION_FAILED,
        /** The peer's certificate is missing, cannot be read, or breaks a rule that has no code of its own. */
        CERTIFICATE_REFUSED,
        /** Nobody that is trusted stands behind the peer's certificate. */
        CERTIFICATE_AUTHORITY_UNKNOWN,
        CERTIFICATE_EXPIRED,
        CERTIFICATE_NOT_YET_VALID,
        CERTIFICATE_PATH_LENGTH,
        CERTIFICATE_NAME_CONSTRAINT,
        CERTIFICATE_USAGE,
        CERTIFICATE_WEAK,
        CERTIFICATE_REVOKED,
        /** Whether the peer's certificate is revoked must be known, and is not. */
        REVOCATION_UNKNOWN,
        /** The peer's certificate is not that of whom it says it is. */
        CERTIFICATE_IDENTITY,
        /** The kernel would not take an SA. */
        KERNEL_REFUSED,
        /** The IKE SA could not be rekeyed, and its life is over. */
        EXPIRED,
        /** The peer deleted the IKE SA. */
        PEER_DELETED,
        /** The peer began anew: INITIAL_CONTACT. */
        PEER_RESTARTED,
        /** Both ends had begun; another IKE SA of the tunnel is kept. */
        SUPERSEDED,
        /** An operator or the end of the daemon. */
        REQUESTED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
