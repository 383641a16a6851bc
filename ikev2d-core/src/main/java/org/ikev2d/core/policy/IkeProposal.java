package org.ikev2d.core.policy;

import java.util.List;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;

/**
 * What we offer or accept for an IKE SA in one proposal: any of each list, in order of preference.
 *
 * @param ciphers all combined-mode, or none of them (RFC 7296 §3.3: they go in proposals of their own)
 * @param integrity empty with combined-mode ciphers
 */
public record IkeProposal(
        List<Cipher> ciphers, List<Integrity> integrity, List<Prf> prfs, List<KeyExchangeMethod> keyExchanges) {
    public IkeProposal {
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        prfs = List.copyOf(prfs);
        keyExchanges = List.copyOf(keyExchanges);
    }
}
