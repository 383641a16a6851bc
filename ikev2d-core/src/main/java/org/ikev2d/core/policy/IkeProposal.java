package org.ikev2d.core.policy;

import java.util.List;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.TransformType;

/**
 * What we offer or accept for an IKE SA in one proposal: any of each list, in order of preference.
 *
 * @param ciphers all combined-mode, or none of them (RFC 7296 §3.3: they go in proposals of their own)
 * @param integrity empty with combined-mode ciphers
 * @param additional what is wanted beside the key exchange (RFC 9370), at most seven lists: the first is ADDKE1, an empty
 *     one stands for none; {@link KeyExchangeMethod#NONE} in a list means "also without"
 */
public record IkeProposal(
        List<Cipher> ciphers,
        List<Integrity> integrity,
        List<Prf> prfs,
        List<KeyExchangeMethod> keyExchanges,
        List<List<KeyExchangeMethod>> additional) {
    /** @throws IllegalArgumentException for more than seven additional key exchanges */
    public IkeProposal {
        ciphers = List.copyOf(ciphers);
        integrity = List.copyOf(integrity);
        prfs = List.copyOf(prfs);
        keyExchanges = List.copyOf(keyExchanges);
        additional = additional.stream().map(List::copyOf).toList();
        if (additional.size() > TransformType.ADDITIONAL_KEY_EXCHANGES.size()) {
            throw new IllegalArgumentException(additional.size() + " additional key exchanges");
        }
    }

    /** Without additional key exchanges. */
    public IkeProposal(
            List<Cipher> ciphers, List<Integrity> integrity, List<Prf> prfs, List<KeyExchangeMethod> keyExchanges) {
        this(ciphers, integrity, prfs, keyExchanges, List.of());
    }

    /** What is left of {@code ours} for a peer that has no exchange for additional key exchanges (RFC 9242). */
    public static List<IkeProposal> withoutAdditional(List<IkeProposal> ours) {
        return ours.stream()
                .filter(one -> one.additional.stream()
                        .allMatch(list -> list.isEmpty() || list.contains(KeyExchangeMethod.NONE)))
                .map(one -> new IkeProposal(one.ciphers, one.integrity, one.prfs, one.keyExchanges))
                .toList();
    }
}
