package org.ikev2d.daemon.trust;

import java.security.cert.X509CRL;
import java.util.List;

/**
 * How far it must be known that a peer's certificates are not revoked (RFC 5280 §6.3).
 *
 * @param lists of any authorities, in date or not
 * @param fetch whether servers are asked that the certificates name
 */
public record Revocation(Policy policy, List<X509CRL> lists, boolean fetch) {
    /** When nothing is known of a certificate. */
    public enum Policy {
        /** It is refused. */
        STRICT,
        /** It is taken, with a remark where there was anything to look at. */
        IF_AVAILABLE,
        /** Nobody looks. */
        OFF
    }

    /** What holds where nothing is said: there is nothing to look at. */
    public static final Revocation NONE = new Revocation(Policy.IF_AVAILABLE, List.of(), false);

    public Revocation {
        lists = List.copyOf(lists);
    }

    boolean looks() {
        return policy == Policy.STRICT || (policy == Policy.IF_AVAILABLE && (fetch || !lists.isEmpty()));
    }
}
