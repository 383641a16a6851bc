package org.ikev2d.xfrm.userspace;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;

/**
 * All states and policies at one moment. Never changes: whoever changes something makes another one, so that workers read
 * it without a lock.
 */
final class Tables {
    /** Larger than that of every one before. */
    final long version;

    /** Oldest first. */
    final Map<SaId, State> states;

    /** Oldest first. */
    final Map<PolicyId, PolicySpec> policies;

    private final SpiTable inbound;
    private final OutPolicy[] out;
    private final InPolicy[] in;

    /** @param questions that are open for a reqid */
    Tables(
            long version,
            Map<SaId, State> states,
            Map<PolicyId, PolicySpec> policies,
            Units units,
            Function<ReqId, Questions> questions) {
        this.version = version;
        this.states = new LinkedHashMap<>(states);
        this.policies = new LinkedHashMap<>(policies);
        inbound = new SpiTable(all(InboundState.class).toList());
        Map<ReqId, OutboundState[]> own = new LinkedHashMap<>();
        Map<ReqId, OutboundState> common = new LinkedHashMap<>();
        // The newest is the last to come; what is worn out is for when there is nothing else.
        Stream.concat(
                        all(OutboundState.class).filter(OutboundState::isWorn),
                        all(OutboundState.class).filter(state -> !state.isWorn()))
                .forEach(state -> state.unit()
                        .ifPresentOrElse(
                                unit -> own.computeIfAbsent(state.reqId(), reqId -> new OutboundState[units.count()])[
                                        units.queueOf(unit).orElseThrow()] = state,
                                () -> common.put(state.reqId(), state)));
        out = sorted(policies.values(), Direction.OUT)
                .map(spec -> new OutPolicy(
                        spec,
                        own.getOrDefault(spec.reqId(), new OutboundState[units.count()]),
                        Optional.ofNullable(common.get(spec.reqId())),
                        questions.apply(spec.reqId())))
                .toArray(OutPolicy[]::new);
        in = sorted(policies.values(), Direction.IN)
                .map(spec -> new InPolicy(spec, new Matcher(spec.id().selector())))
                .toArray(InPolicy[]::new);
    }

    private <S extends State> Stream<S> all(Class<S> kind) {
        return states.values().stream().filter(kind::isInstance).map(kind::cast);
    }

    /** Lower numbers win; among equals the oldest. */
    private static Stream<PolicySpec> sorted(Collection<PolicySpec> policies, Direction direction) {
        return policies.stream()
                .filter(spec -> spec.id().direction() == direction)
                .sorted(Comparator.comparingInt(PolicySpec::priority));
    }

    /** Null when there is none. */
    InboundState inbound(int spi) {
        return inbound.find(spi);
    }

    /** The policy that a packet on its way out meets; null when there is none. */
    OutPolicy outbound(Flow flow) {
        for (OutPolicy policy : out) {
            if (policy.matches(flow)) {
                return policy;
            }
        }
        return null;
    }

    /** Whether a packet that came through an SA of {@code reqId} may go on. */
    boolean allowsInbound(Flow flow, ReqId reqId) {
        for (InPolicy policy : in) {
            if (policy.matcher().matches(flow)) {
                return policy.spec().reqId().equals(reqId);
            }
        }
        return false;
    }

    /** Those whose packets are led into the device. */
    List<PolicySpec> outPolicies() {
        return Stream.of(out).map(OutPolicy::spec).toList();
    }

    /** The longest packet that every SA of {@code reqId} takes; empty where there is none. */
    OptionalInt innerMtu(ReqId reqId) {
        return all(OutboundState.class)
                .filter(state -> state.reqId().equals(reqId))
                .mapToInt(OutboundState::innerMtu)
                .min();
    }
}
