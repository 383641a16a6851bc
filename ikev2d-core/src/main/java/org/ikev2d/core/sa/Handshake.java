package org.ikev2d.core.sa;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.exchange.NatDetection;

/**
 * What IKE_SA_INIT leaves behind.
 *
 * @param request the whole message, as AUTH signs it (RFC 7296 §2.15)
 * @param response likewise
 */
record Handshake(Bytes request, Bytes response, Bytes initiatorNonce, Bytes responderNonce, NatDetection nat) {
    /** The lower of the two nonces, for RFC 7296 §2.8.1's rule on which of two SAs goes. */
    Bytes lowerNonce() {
        return initiatorNonce.compareTo(responderNonce) <= 0 ? initiatorNonce : responderNonce;
    }
}
