package org.ikev2d.core.policy;

import java.util.List;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.SequenceNumbers;

/**
 * What we offer or accept for a Child SA in one proposal: any of each list, in order of preference.
 *
 * @param ciphers all combined-mode, or none of them
 * @param integrity empty with combined-mode ciphers
 * @param keyExchanges {@link KeyExchangeMethod#NONE} means "also without"; not offered in IKE_AUTH, whose Child SA has
 *     the IKE SA's own key exchange
 */
public record EspProposal(
        List<Cipher> ciphers,
        List<Integrity> integrity,
        List<KeyExchangeMethod> keyExchanges,
        List<SequenceNumbers> sequenceNumbers) {
    public EspProposal {
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        keyExchanges = List.copyOf(keyExchanges);
        sequenceNumbers = List.copyOf(sequenceNumbers);
    }
}
