package org.ikev2d.core.auth;

import java.util.List;
import java.util.OptionalLong;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SignatureScheme;
import org.ikev2d.core.crypto.SigningKey;
import org.ikev2d.core.wire.Payload;

/** What our end proves itself with. */
public sealed interface LocalAuth {
    /** A pre-shared key, lent by the daemon. */
    record Psk(Secret key) implements LocalAuth {}

    /**
     * A signature.
     *
     * @param key lent by the daemon
     * @param schemes that the key makes, in order of preference, at least one
     * @param shown what goes into CERT payloads: our certificate and the intermediate ones behind it, or one raw public key
     */
    record Signature(SigningKey key, List<SignatureScheme> schemes, Shown shown) implements LocalAuth {
        public Signature {
            schemes = List.copyOf(schemes);
        }
    }

    /**
     * What is shown to the peer of our key.
     *
     * @param subject of the certificate, for people; empty where there is none
     * @param expiresAt of the certificate, seconds since the epoch; for people
     */
    record Shown(List<Payload.Certificate> certificates, When when, String subject, OptionalLong expiresAt) {
        public Shown {
            certificates = List.copyOf(certificates);
        }

        /** When it is shown. */
        public enum When {
            ALWAYS,
            /** The peer sent a CERTREQ of the same encoding. */
            IF_ASKED,
            /** The peer has it. */
            NEVER
        }

        /** What to send to a peer that asked for {@code offer}. */
        public List<Payload.Certificate> to(PeerOffer offer) {
            boolean send = when == When.ALWAYS
                    || (when == When.IF_ASKED
                            && certificates.stream()
                                    .anyMatch(one -> offer.asksFor().contains(one.encoding())));
            return send ? certificates : List.of();
        }
    }
}
