package org.ikev2d.core.auth;

import java.util.List;
import org.ikev2d.core.crypto.PublicKey;

/** What was found of a peer's certificates. */
public sealed interface Verdict {
    /**
     * They make the peer who it says it is, if it has the private key.
     *
     * @param key that the peer's signature is to be verified with
     * @param subject of the peer's certificate, for people
     * @param remarks what an operator should know though it is no reason to refuse, one sentence each
     */
    record Trusted(PublicKey key, String subject, List<String> remarks) implements Verdict {
        public Trusted {
            remarks = List.copyOf(remarks);
        }
    }

    /** @param text one sentence: which rule, which certificate */
    record Refused(CertificateFault fault, String text) implements Verdict {}
}
