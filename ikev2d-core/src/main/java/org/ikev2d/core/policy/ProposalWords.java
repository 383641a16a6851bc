package org.ikev2d.core.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.CodePoint;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.registry.Prf;
import org.ikev2d.core.registry.SequenceNumbers;
import org.ikev2d.core.registry.TransformType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;

/** Proposals for a person to compare: {@code AES_GCM_16-256,AES_GCM_16-128 / CURVE25519,NONE / ESN | …}. */
public final class ProposalWords {
    /** Only so that ours can be put into the shape of an offer. */
    private static final EspSpi ANY_SPI = new EspSpi(256);

    private static final int LONGEST = 600;

    private ProposalWords() {}

    /** Cut short where a peer offers more than a line of a log should hold. */
    public static String describe(List<Proposal> proposals) {
        String words = proposals.stream().map(ProposalWords::describe).collect(Collectors.joining(" | "));
        return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "...";
    }

    public static String describeIke(List<IkeProposal> ours) {
        return describe(IkeChoice.offer(ours, Bytes.empty()));
    }

    public static String describeEsp(List<EspProposal> ours) {
        return describe(EspChoice.offer(ours, ANY_SPI));
    }

    private static String describe(Proposal proposal) {
        Map<Integer, List<Transform>> byType = proposal.transforms().stream()
                .collect(Collectors.groupingBy(Transform::type, TreeMap::new, Collectors.toList()));
        return byType.values().stream()
                .map(transforms ->
                        transforms.stream().map(ProposalWords::describe).collect(Collectors.joining(",")))
                .collect(Collectors.joining(" / "));
    }

    private static String describe(Transform transform) {
        String name = TransformType.of(transform.type())
                .flatMap(type -> describe(type, transform.id()))
                .orElse("type " + transform.type() + " id " + transform.id());
        return transform.keyBits() == 0 ? name : name + "-" + transform.keyBits();
    }

    private static Optional<String> describe(TransformType type, int id) {
        if (TransformType.ADDITIONAL_KEY_EXCHANGES.contains(type)) {
            int number = 1 + TransformType.ADDITIONAL_KEY_EXCHANGES.indexOf(type);
            return KeyExchangeMethod.of(id).map(method -> "KE" + number + "_" + method);
        }
        Optional<? extends CodePoint> known = switch (type) {
            case ENCRYPTION_ALGORITHM -> EncryptionAlgorithm.of(id);
            case PSEUDORANDOM_FUNCTION -> Prf.of(id);
            case INTEGRITY_ALGORITHM -> Integrity.of(id);
            case SEQUENCE_NUMBERS -> SequenceNumbers.of(id);
            default -> KeyExchangeMethod.of(id);
        };
        return known.map(CodePoint::toString);
    }
}
