package org.ikev2d.core.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;

/** What a {@link FakeKernel} holds: states, policies, and what flows remember. */
final class XfrmTables {
    /** Newest first. */
    final List<XfrmState> states = new ArrayList<>();

    final Map<PolicyId, XfrmPolicy> policies = new LinkedHashMap<>();
    final Map<Flow, Remembered> flows = new HashMap<>();
    private int insertions;

    /** What a flow knows of its path. */
    record Remembered(XfrmPolicy policy, XfrmState state) {}

    /** The open ACQUIRE that an outbound state answers: by sequence and CPU, else by path and CPU. */
    Optional<XfrmState> answered(SaSpec sa) {
        Predicate<XfrmState> ofPathAndCpu = state -> state.kind == XfrmState.Kind.ACQUIRE
                && state.isFor(sa.source(), sa.id().destination(), sa.reqId())
                && state.cpu.equals(sa.cpu());
        return states.stream()
                .filter(ofPathAndCpu.and(state -> state.sequence == sa.acquireSequence()))
                .findFirst()
                .or(() -> states.stream().filter(ofPathAndCpu).findFirst());
    }

    /** Flows on a state of the same path and CPU look anew after this. */
    void insert(XfrmState added) {
        added.order = ++insertions;
        states.add(0, added);
        if (added.isFull()) {
            states.stream()
                    .filter(state -> state.isFor(added.source, added.destination, added.reqId)
                            && state.cpu.equals(added.cpu)
                            && state.isFull())
                    .filter(state -> state != added)
                    .forEach(state -> flows.values().removeIf(path -> path.state() == state));
        }
    }

    /**
     * Where only ports change, in the state itself; where its name stays, by another in its place; else by a twin, and the old
     * one stays. Returns its name, or nothing when there is no such state.
     */
    Optional<SaId> move(SaId id, OuterHeader header) {
        Optional<XfrmState> found = find(id).filter(XfrmState::isFull);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        XfrmState state = found.get();
        XfrmState moved = state.along(header);
        if (state.source.equals(header.source()) && state.destination.equals(header.destination())) {
            state.encapsulation = header.encapsulation();
        } else if (state.destination.equals(header.destination())) {
            drop(state);
            insert(moved);
        } else {
            insert(moved);
        }
        return moved.id;
    }

    void drop(XfrmState state) {
        states.remove(state);
        policies.values().forEach(policy -> policy.found.remove(state));
        flows.values().removeIf(path -> path.state() == state);
    }

    /** {@code state} carries {@code packet}, also if that reaches a limit; what there is to tell of it. */
    List<KernelEvent> count(XfrmState state, Packet packet, MonoTime now) {
        state.count(packet, now);
        List<KernelEvent> told = new ArrayList<>();
        if (state.becameWorn()) {
            told.add(new KernelEvent.Expire(state.id.orElseThrow(), state.reqId, false));
        }
        if (state.isWornOut()) {
            drop(state);
            told.add(new KernelEvent.Expire(state.id.orElseThrow(), state.reqId, true));
        }
        return told;
    }

    Optional<XfrmPolicy> policyFor(Direction direction, Packet packet) {
        XfrmPolicy best = null;
        for (XfrmPolicy policy : policies.values()) {
            boolean better = best == null || policy.spec.priority() < best.spec.priority();
            if (better
                    && policy.spec.id().direction() == direction
                    && packet.matches(policy.spec.id().selector())) {
                best = policy;
            }
        }
        return Optional.ofNullable(best);
    }

    Optional<XfrmState> find(SaId id) {
        for (XfrmState state : states) {
            if (state.id.isPresent() && state.id.get().equals(id)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /** SPI and fingerprint of each. */
    Set<String> full(Direction direction) {
        Set<String> found = new TreeSet<>();
        states.stream()
                .filter(state -> state.isFull() && state.direction == direction)
                .forEach(state -> found.add(state.id.orElseThrow().spi() + " " + state.keys.toHex()));
        return found;
    }
}
