package org.ikev2d.core.policy;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.ProtocolId;
import org.ikev2d.core.registry.TransformType;
import org.ikev2d.core.wire.Proposal;
import org.ikev2d.core.wire.Transform;

/**
 * One of our proposals as the wire has it: per transform type, what we take, best first. Both roles match through it:
 * the responder a peer's offer, the initiator a peer's choice.
 */
final class TransformMenu {
    private static final int NONE = 0;

    private final ProtocolId protocol;
    private final Map<TransformType, List<Transform>> byType = new EnumMap<>(TransformType.class);

    TransformMenu(ProtocolId protocol) {
        this.protocol = protocol;
    }

    <T> TransformMenu with(TransformType type, List<T> values, Function<T, Transform> transform) {
        if (!values.isEmpty()) {
            byType.put(type, values.stream().map(transform).toList());
        }
        return this;
    }

    static Transform of(Cipher cipher) {
        boolean fixedSize = cipher.algorithm() == EncryptionAlgorithm.CHACHA20_POLY1305;
        return Transform.of(
                TransformType.ENCRYPTION_ALGORITHM.code(), cipher.algorithm().code(), fixedSize ? 0 : cipher.keyBits());
    }

    Proposal offer(int number, Bytes spi) {
        return new Proposal(
                number,
                protocol.code(),
                spi,
                byType.values().stream().flatMap(List::stream).toList());
    }

    /**
     * What of {@code offered} we take: one transform of each type that it has; empty when a type has nothing in common,
     * is unknown to us (RFC 7296 §3.3.6), or is missing where we need it. "NONE" (ID 0) and not naming the type mean
     * the same for integrity and key exchanges, of which no method is taken twice.
     *
     * @param favoured taken before what we like better, if it is in both: spares a round trip for another KE payload
     */
    Optional<Map<TransformType, Transform>> match(Proposal offered, Optional<Transform> favoured) {
        if (offered.protocol() != protocol.code()) {
            return Optional.empty();
        }
        Set<TransformType> named = EnumSet.noneOf(TransformType.class);
        for (Transform transform : offered.transforms()) {
            Optional<TransformType> type = TransformType.of(transform.type());
            if (type.isEmpty()) {
                return Optional.empty();
            }
            named.add(type.get());
        }
        Map<TransformType, Transform> chosen = new EnumMap<>(TransformType.class);
        Set<Integer> methods = new HashSet<>();
        for (TransformType type : TransformType.values()) {
            List<Transform> ours = byType.getOrDefault(type, List.of(noneOf(type)));
            List<Transform> theirs = named.contains(type) ? ofType(offered, type) : List.of(noneOf(type));
            Optional<Transform> both = favoured.filter(one -> ours.contains(one) && theirs.contains(one))
                    .or(() -> ours.stream()
                            .filter(theirs::contains)
                            .filter(one -> !type.isKeyExchange() || !methods.contains(one.id()))
                            .findFirst());
            if (both.isEmpty()) {
                return Optional.empty();
            }
            if (type.isKeyExchange() && both.get().id() != NONE) {
                methods.add(both.get().id());
            }
            if (named.contains(type)) {
                chosen.put(type, both.get());
            }
        }
        return Optional.of(chosen);
    }

    private static List<Transform> ofType(Proposal proposal, TransformType type) {
        return proposal.transforms().stream()
                .filter(transform -> transform.type() == type.code())
                .toList();
    }

    /** The key's size: what the Key Length attribute says, or what the algorithm has without one. */
    static int keyBits(EncryptionAlgorithm algorithm, Transform chosen) {
        return algorithm == EncryptionAlgorithm.CHACHA20_POLY1305 ? 256 : chosen.keyBits();
    }

    /** The ID chosen for {@code type}; 0, which is NONE, where it was not named. */
    static int id(Map<TransformType, Transform> chosen, TransformType type) {
        Transform transform = chosen.get(type);
        return transform == null ? NONE : transform.id();
    }

    private static Transform noneOf(TransformType type) {
        return Transform.of(type.code(), NONE, 0);
    }
}
