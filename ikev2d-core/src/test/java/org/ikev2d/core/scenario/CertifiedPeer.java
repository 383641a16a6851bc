package org.ikev2d.core.scenario;

import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.auth.AuthRefusedException;
import org.ikev2d.core.auth.LocalAuth;
import org.ikev2d.core.auth.LocalAuth.Shown.When;
import org.ikev2d.core.auth.PeerOffer;
import org.ikev2d.core.auth.SignatureAuthentication;
import org.ikev2d.core.auth.SignedOctets;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.registry.HashAlgorithm;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.Payload;
import org.ikev2d.core.world.SeededEntropy;

/** What a {@link HandmadePeer} with a certificate says. */
final class CertifiedPeer {
    private CertifiedPeer() {}

    /** SIGNATURE_HASH_ALGORITHMS of SHA2-256, SHA2-384, SHA2-512 and Identity. */
    static Payload hashes() {
        return Payload.Notify.of(NotifyType.SIGNATURE_HASH_ALGORITHMS, Bytes.hex("0002000300040005"));
    }

    /** CERT and AUTH. */
    static List<Payload> proof(KeyPair pair, SignedOctets signed) {
        LocalAuth.Signature ours = (LocalAuth.Signature) Proving.certificate(pair, When.ALWAYS, 0);
        PeerOffer offer = new PeerOffer(Optional.of(List.of(HashAlgorithm.values())), Set.of());
        try {
            List<Payload> payloads = new ArrayList<>(ours.shown().certificates());
            payloads.add(new SignatureAuthentication(new JcaAlgorithms(new SeededEntropy(7)), signed)
                    .sign(ours, offer)
                    .payload());
            return payloads;
        } catch (AuthRefusedException e) {
            throw new AssertionError(e);
        }
    }
}
