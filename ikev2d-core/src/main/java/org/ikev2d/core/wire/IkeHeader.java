package org.ikev2d.core.wire;

/**
 * The fixed header of every message (RFC 7296 §3.1).
 *
 * @param initiatorSpi of the IKE SA's initiator, never {@link IkeSpi#NONE}
 * @param responderSpi {@link IkeSpi#NONE} in a first IKE_SA_INIT request
 * @param nextPayload type of the first payload, 0 for none
 * @param exchangeType as received, known or not
 * @param fromInitiator the Initiator flag: the sender is the IKE SA's original initiator
 * @param response the Response flag
 * @param messageId 32 bits, unsigned
 */
public record IkeHeader(
        IkeSpi initiatorSpi,
        IkeSpi responderSpi,
        int nextPayload,
        int majorVersion,
        int minorVersion,
        int exchangeType,
        boolean fromInitiator,
        boolean response,
        int messageId) {
    /** Octets on the wire. */
    public static final int SIZE = 28;

    /** A header of version 2.0; the encoder sets the first payload's type and the length. */
    public static IkeHeader of(
            IkeSpi initiatorSpi,
            IkeSpi responderSpi,
            int exchangeType,
            boolean fromInitiator,
            boolean response,
            int messageId) {
        return new IkeHeader(initiatorSpi, responderSpi, 0, 2, 0, exchangeType, fromInitiator, response, messageId);
    }
}
