package org.ikev2d.core.sa;

import java.util.OptionalLong;
import org.ikev2d.core.auth.AuthRefusedException;
import org.ikev2d.core.auth.Credentials;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.PeerOffer;
import org.ikev2d.core.auth.PskAuthentication;
import org.ikev2d.core.auth.SignatureAuthentication;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.engine.TunnelStatus.Proof;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.registry.AuthMethod;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;

/** How our end of an IKE SA proves itself: the AUTH payload, and what is told of it. */
record OwnProof(Payload.Authentication payload, Proof how) {
    /** @throws Refusal when we cannot prove ourselves in a way that the peer understands */
    static OwnProof of(IkeSa sa, SignedOctets signed, PeerOffer offer) throws Refusal {
        Credentials credentials = sa.policy().credentials();
        String identity = credentials.localId().describe();
        if (credentials.local() instanceof LocalAuth.Signature ours) {
            try {
                SignatureAuthentication.Proof proof =
                        new SignatureAuthentication(sa.bench().algorithms(), signed).sign(ours, offer);
                return new OwnProof(
                        proof.payload(),
                        new Proof(
                                proof.scheme().word(),
                                identity,
                                ours.shown().subject(),
                                ours.shown().expiresAt()));
            } catch (AuthRefusedException e) {
                throw new Refusal(NotifyType.AUTHENTICATION_FAILED, "we cannot prove ourselves: " + e.getMessage());
            }
        }
        LocalAuth.Psk psk = (LocalAuth.Psk) credentials.local();
        Payload.Authentication payload = new Payload.Authentication(
                AuthMethod.SHARED_KEY_MIC.code(),
                PskAuthentication.compute(sa.bench().algorithms(), sa.suite().prf(), psk.key(), signed));
        return new OwnProof(payload, new Proof("psk", identity, "", OptionalLong.empty()));
    }
}
