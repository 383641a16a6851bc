package org.ikev2d.core.auth;

import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.PublicKey;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.SignatureScheme;

/** What the peer must prove itself with. */
public sealed interface RemoteAuth {
    /** A pre-shared key, lent by the daemon. */
    record Psk(Secret key) implements RemoteAuth {}

    /**
     * One of the keys that are known beforehand, whether the peer shows it or not (RFC 7670 §4).
     *
     * @param pinned at least one
     * @param accepted the forms of signature that are taken
     */
    record Keys(List<PublicKey> pinned, List<SignatureScheme> accepted) implements RemoteAuth {
        public Keys {
            pinned = List.copyOf(pinned);
            accepted = List.copyOf(accepted);
        }
    }

    /**
     * A certificate that is judged elsewhere.
     *
     * @param authorities SHA-1 of each trust anchor's SubjectPublicKeyInfo, 20 octets (RFC 7296 §3.7)
     * @param ask whether the peer is asked for it with a CERTREQ
     */
    record Certificates(List<Bytes> authorities, List<SignatureScheme> accepted, boolean ask) implements RemoteAuth {
        public Certificates {
            authorities = List.copyOf(authorities);
            accepted = List.copyOf(accepted);
        }
    }

    /** The forms of signature that are taken from the peer; none where it has to know a PSK. */
    default List<SignatureScheme> signatures() {
        if (this instanceof Keys keys) {
            return keys.accepted();
        }
        return this instanceof Certificates certificates ? certificates.accepted() : List.of();
    }
}
