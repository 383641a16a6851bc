package org.ikev2d.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.IkeSuite;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.registry.TransformType;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;

/**
 * What two ends have in common for an IKE SA (RFC 7296 §2.7).
 *
 * @param peerSpi of the proposal that was chosen from; empty in IKE_SA_INIT
 * @param answer the proposal that says so: that of the offer, cut down to one transform of each type
 */
public record IkeChoice(IkeSuite suite, Bytes peerSpi, Proposal answer) {
    /** Our proposals as an SA payload carries them, numbered from 1. */
    public static List<Proposal> offer(List<IkeProposal> ours, Bytes spi) {
        List<Proposal> offer = new ArrayList<>();
        for (IkeProposal proposal : ours) {
            offer.add(menu(proposal).offer(offer.size() + 1, spi));
        }
        return offer;
    }

    /** {@code ours} for an IKE SA that is to take the place of one with {@code suite}: that one first (RFC 7296 §2.8). */
    public static List<IkeProposal> sameFirst(IkeSuite suite, List<IkeProposal> ours) {
        IkeProposal same = new IkeProposal(
                List.of(new Cipher(suite.encryption(), suite.keyBits())),
                suite.integrity() == Integrity.NONE ? List.of() : List.of(suite.integrity()),
                List.of(suite.prf()),
                List.of(suite.keyExchange()));
        return Stream.concat(Stream.of(same), ours.stream()).distinct().toList();
    }

    /**
     * The first of our proposals that goes with one that is offered.
     *
     * @param favoured the method of the KE payload that is at hand, chosen wherever both ends allow it
     * @param answerSpi of the answer; empty in IKE_SA_INIT
     */
    public static Optional<IkeChoice> choose(
            List<Proposal> offered, List<IkeProposal> ours, Optional<KeyExchangeMethod> favoured, Bytes answerSpi) {
        Optional<Transform> favouredTransform = favoured.map(IkeChoice::transform);
        for (IkeProposal proposal : ours) {
            for (Proposal candidate : offered) {
                Optional<Map<TransformType, Transform>> match = menu(proposal).match(candidate, favouredTransform);
                if (match.isPresent()) {
                    return Optional.of(of(candidate, match.get(), answerSpi));
                }
            }
        }
        return Optional.empty();
    }

    private static IkeChoice of(Proposal candidate, Map<TransformType, Transform> chosen, Bytes answerSpi) {
        Transform cipher = chosen.get(TransformType.ENCRYPTION_ALGORITHM);
        EncryptionAlgorithm encryption = EncryptionAlgorithm.of(cipher.id()).orElseThrow();
        IkeSuite suite = new IkeSuite(
                encryption,
                TransformMenu.keyBits(encryption, cipher),
                Integrity.of(TransformMenu.id(chosen, TransformType.INTEGRITY_ALGORITHM))
                        .orElseThrow(),
                Prf.of(TransformMenu.id(chosen, TransformType.PSEUDORANDOM_FUNCTION))
                        .orElseThrow(),
                method(chosen, TransformType.KEY_EXCHANGE_METHOD),
                TransformType.ADDITIONAL_KEY_EXCHANGES.stream()
                        .map(type -> method(chosen, type))
                        .filter(method -> method != KeyExchangeMethod.NONE)
                        .toList());
        return new IkeChoice(
                suite,
                candidate.spi(),
                new Proposal(candidate.number(), candidate.protocol(), answerSpi, List.copyOf(chosen.values())));
    }

    private static TransformMenu menu(IkeProposal proposal) {
        TransformMenu menu = new TransformMenu(ProtocolId.IKE)
                .with(TransformType.ENCRYPTION_ALGORITHM, proposal.ciphers(), TransformMenu::of)
                .with(
                        TransformType.PSEUDORANDOM_FUNCTION,
                        proposal.prfs(),
                        prf -> Transform.of(TransformType.PSEUDORANDOM_FUNCTION.code(), prf.code(), 0))
                .with(
                        TransformType.INTEGRITY_ALGORITHM,
                        proposal.integrity(),
                        integrity -> Transform.of(TransformType.INTEGRITY_ALGORITHM.code(), integrity.code(), 0))
                .with(TransformType.KEY_EXCHANGE_METHOD, proposal.keyExchanges(), IkeChoice::transform);
        for (int i = 0; i < proposal.additional().size(); i++) {
            TransformType type = TransformType.ADDITIONAL_KEY_EXCHANGES.get(i);
            menu.with(type, proposal.additional().get(i), method -> transform(type, method));
        }
        return menu;
    }

    private static KeyExchangeMethod method(Map<TransformType, Transform> chosen, TransformType type) {
        return KeyExchangeMethod.of(TransformMenu.id(chosen, type)).orElseThrow();
    }

    private static Transform transform(KeyExchangeMethod method) {
        return transform(TransformType.KEY_EXCHANGE_METHOD, method);
    }

    private static Transform transform(TransformType type, KeyExchangeMethod method) {
        return Transform.of(type.code(), method.code(), 0);
    }
}
