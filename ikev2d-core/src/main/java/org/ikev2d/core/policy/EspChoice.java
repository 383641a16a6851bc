package org.ikev2d.core.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.registry.SequenceNumbers;
import org.ikev2d.core.registry.TransformType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;

/**
 * What two ends have in common for a Child SA (RFC 7296 §2.7).
 *
 * @param keyExchange {@link KeyExchangeMethod#NONE} for none
 * @param peerSpi of the proposal that was chosen from
 * @param answer the proposal that says so: that of the offer, cut down to one transform of each type, with our SPI
 */
public record EspChoice(EspSuite suite, KeyExchangeMethod keyExchange, EspSpi peerSpi, Proposal answer) {
    /** Our proposals as an SA payload carries them, numbered from 1. */
    public static List<Proposal> offer(List<EspProposal> ours, EspSpi spi) {
        List<Proposal> offer = new ArrayList<>();
        for (EspProposal proposal : ours) {
            offer.add(menu(proposal).offer(offer.size() + 1, spi.toBytes()));
        }
        return offer;
    }

    /** {@code ours} for a Child SA that comes with an IKE SA: no key exchange of its own (RFC 7296 §1.2). */
    public static List<EspProposal> withoutKeyExchange(List<EspProposal> ours) {
        return ours.stream()
                .map(proposal -> new EspProposal(
                        proposal.ciphers(), proposal.integrity(), List.of(), proposal.sequenceNumbers()))
                .toList();
    }

    /** Those of {@code ours} that have {@code suite}, cut down to it: each keeps its own key exchanges. */
    public static List<EspProposal> sameSuite(EspSuite suite, List<EspProposal> ours) {
        Cipher cipher = new Cipher(suite.encryption(), suite.keyBits());
        List<Integrity> integrity = suite.integrity() == Integrity.NONE ? List.of() : List.of(suite.integrity());
        SequenceNumbers numbers = suite.esn() ? SequenceNumbers.ESN : SequenceNumbers.NO_ESN;
        return ours.stream()
                .filter(proposal -> proposal.ciphers().contains(cipher)
                        && proposal.integrity().containsAll(integrity)
                        && proposal.sequenceNumbers().contains(numbers))
                .map(proposal -> new EspProposal(List.of(cipher), integrity, proposal.keyExchanges(), List.of(numbers)))
                .distinct()
                .toList();
    }

    /**
     * The first of our proposals that goes with one that is offered.
     *
     * @param favoured the method of the KE payload that is at hand, {@link KeyExchangeMethod#NONE} where there is none;
     *     chosen wherever both ends allow it
     * @param answerSpi ours
     */
    public static Optional<EspChoice> choose(
            List<Proposal> offered, List<EspProposal> ours, Optional<KeyExchangeMethod> favoured, EspSpi answerSpi) {
        Optional<Transform> favouredTransform = favoured.map(EspChoice::transform);
        for (EspProposal proposal : ours) {
            for (Proposal candidate : offered) {
                Optional<EspSpi> peerSpi = EspSpi.of(candidate.spi());
                if (peerSpi.isEmpty()) {
                    continue;
                }
                Optional<Map<TransformType, Transform>> match = menu(proposal).match(candidate, favouredTransform);
                if (match.isPresent()) {
                    return Optional.of(of(candidate, peerSpi.get(), match.get(), answerSpi));
                }
            }
        }
        return Optional.empty();
    }

    /** {@code offered} without its key exchanges, which mean nothing in IKE_AUTH (RFC 7296 §1.2). */
    public static List<Proposal> stripKeyExchange(List<Proposal> offered) {
        return offered.stream()
                .map(proposal -> new Proposal(
                        proposal.number(),
                        proposal.protocol(),
                        proposal.spi(),
                        proposal.transforms().stream()
                                .filter(transform -> TransformType.of(transform.type())
                                        .filter(TransformType::isKeyExchange)
                                        .isEmpty())
                                .toList()))
                .toList();
    }

    private static EspChoice of(
            Proposal candidate, EspSpi peerSpi, Map<TransformType, Transform> chosen, EspSpi answerSpi) {
        Transform cipher = chosen.get(TransformType.ENCRYPTION_ALGORITHM);
        EncryptionAlgorithm encryption = EncryptionAlgorithm.of(cipher.id()).orElseThrow();
        EspSuite suite = new EspSuite(
                encryption,
                TransformMenu.keyBits(encryption, cipher),
                Integrity.of(TransformMenu.id(chosen, TransformType.INTEGRITY_ALGORITHM))
                        .orElseThrow(),
                TransformMenu.id(chosen, TransformType.SEQUENCE_NUMBERS) == SequenceNumbers.ESN.code());
        return new EspChoice(
                suite,
                KeyExchangeMethod.of(TransformMenu.id(chosen, TransformType.KEY_EXCHANGE_METHOD))
                        .orElseThrow(),
                peerSpi,
                new Proposal(
                        candidate.number(), candidate.protocol(), answerSpi.toBytes(), List.copyOf(chosen.values())));
    }

    private static TransformMenu menu(EspProposal proposal) {
        return new TransformMenu(ProtocolId.ESP)
                .with(TransformType.ENCRYPTION_ALGORITHM, proposal.ciphers(), TransformMenu::of)
                .with(
                        TransformType.INTEGRITY_ALGORITHM,
                        proposal.integrity(),
                        integrity -> Transform.of(TransformType.INTEGRITY_ALGORITHM.code(), integrity.code(), 0))
                .with(TransformType.KEY_EXCHANGE_METHOD, proposal.keyExchanges(), EspChoice::transform)
                .with(
                        TransformType.SEQUENCE_NUMBERS,
                        proposal.sequenceNumbers(),
                        numbers -> Transform.of(TransformType.SEQUENCE_NUMBERS.code(), numbers.code(), 0));
    }

    private static Transform transform(KeyExchangeMethod method) {
        return Transform.of(TransformType.KEY_EXCHANGE_METHOD.code(), method.code(), 0);
    }
}
