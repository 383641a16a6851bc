package org.ikev2d.daemon.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import org.ikev2d.core.bytes.Bytes;

/**
 * Whose certificates a tunnel's peer may show.
 *
 * @param authorities that are trusted, at least one; one of them may be the peer's own certificate
 */
public record TrustRules(List<X509Certificate> authorities, Revocation revocation) {
    public TrustRules {
        authorities = List.copyOf(authorities);
    }

    /** What a CERTREQ names them by. */
    public List<Bytes> keyHashes() {
        return authorities.stream().map(Certificates::keyHash).distinct().toList();
    }
}
