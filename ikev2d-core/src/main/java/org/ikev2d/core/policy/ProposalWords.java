package org.ikev2d.core.policy;

import java.util.List;
import java.util.Map;
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
                .flatMap(type -> switch (type) {
                    case ENCRYPTION_ALGORITHM ->
                        EncryptionAlgorithm.of(transform.id()).map(CodePoint.class::cast);
                    case PSEUDORANDOM_FUNCTION -> Prf.of(transform.id()).map(CodePoint.class::cast);
                    case INTEGRITY_ALGORITHM -> Integrity.of(transform.id()).map(CodePoint.class::cast);
                    case KEY_EXCHANGE_METHOD ->
                        KeyExchangeMethod.of(transform.id()).map(CodePoint.class::cast);
                    case SEQUENCE_NUMBERS -> SequenceNumbers.of(transform.id()).map(CodePoint.class::cast);
                })
                .map(CodePoint::toString)
                .orElse("type " + transform.type() + " id " + transform.id());
        return transform.keyBits() == 0 ? name : name + "-" + transform.keyBits();
    }
}
