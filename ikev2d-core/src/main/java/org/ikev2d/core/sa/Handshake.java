package org.ikev2d.core.sa;

import org.ikev2d.core.auth.PeerOffer;
import org.ikev2d.core.auth.Ppk;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeKeys;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.exchange.NatDetection;
import org.ikev2d.core.wire.Payload;

/**
 * What IKE_SA_INIT leaves behind, and the nonces of the exchange that the IKE SA came of.
 *
 * @param request the whole message, as AUTH signs it (RFC 7296 §2.15); empty in an IKE SA that took another's place
 * @param response likewise
 * @param offer what the peer said of signatures
 * @param fragments whether both ends take fragments (RFC 7383 §2.3)
 * @param peer what else the peer can do
 */
record Handshake(
        Bytes request,
        Bytes response,
        Bytes initiatorNonce,
        Bytes responderNonce,
        NatDetection nat,
        PeerOffer offer,
        boolean fragments,
        Abilities peer) {
    /**
     * What an end of {@code sa} proves itself over, with its keys of now.
     *
     * @param initiator which of them
     * @param id what it says it is
     */
    SignedOctets signed(IkeSa sa, boolean initiator, Payload.Identification id) {
        return signed(sa, initiator, id, skP(sa, initiator));
    }

    /** The same with {@code ppk} in the keys, which it is not yet (RFC 8784 §3). */
    SignedOctets signed(IkeSa sa, boolean initiator, Payload.Identification id, Ppk ppk) {
        try (Secret mixed = IkeKeys.mix(sa.bench().algorithms(), sa.suite().prf(), ppk.key(), skP(sa, initiator))) {
            return signed(sa, initiator, id, mixed);
        }
    }

    private static Secret skP(IkeSa sa, boolean initiator) {
        return initiator ? sa.keys().skPi() : sa.keys().skPr();
    }

    private SignedOctets signed(IkeSa sa, boolean initiator, Payload.Identification id, Secret skP) {
        return SignedOctets.of(
                sa.bench().algorithms(),
                sa.suite().prf(),
                initiator ? request : response,
                initiator ? responderNonce : initiatorNonce,
                skP,
                id,
                sa.keying().intAuth());
    }

    /** What is left of it for an IKE SA that is made with other nonces in the first one's place (RFC 7296 §2.18). */
    Handshake rekeyed(Bytes ni, Bytes nr) {
        return new Handshake(Bytes.empty(), Bytes.empty(), ni, nr, nat, offer, fragments, peer);
    }

    /** The lower of the two nonces, for RFC 7296 §2.8.1's rule on which of two SAs goes. */
    Bytes lowerNonce() {
        return initiatorNonce.compareTo(responderNonce) <= 0 ? initiatorNonce : responderNonce;
    }
}
