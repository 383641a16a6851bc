package org.ikev2d.core.auth;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Algorithms;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.wire.Payload;

/** What an end proves its identity over (RFC 7296 §2.15). */
public record SignedOctets(Bytes octets) {
    /**
     * What the end that sent {@code message} signs.
     *
     * @param message its IKE_SA_INIT message, the last one where it was sent again in another form; without the non-ESP
     *     marker
     * @param othersNonce the other end's, without payload header
     * @param skP of the signing end: SK_pi for the initiator, SK_pr for the responder
     * @param id what the signing end says it is
     * @param intAuth of the IKE_INTERMEDIATE exchanges, empty where there was none (RFC 9242 §3.3.2)
     */
    public static SignedOctets of(
            Algorithms algorithms,
            Prf prf,
            Bytes message,
            Bytes othersNonce,
            Secret skP,
            Payload.Identification id,
            Bytes intAuth) {
        try (Secret macedId = algorithms.prf(prf, skP, id.body())) {
            return new SignedOctets(Bytes.concat(message, othersNonce, macedId.use(Bytes::of), intAuth));
        }
    }
}
