package org.ikev2d.core.sa;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.Refusal;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.registry.NotifyType;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.core.wire.TrafficSelector;

/**
 * Puts an IKE SA's ESP SAs into the kernel. As a responder we may have to wait with the outbound half: our answer can be
 * under way still, or lost, and a per-CPU state would take its CPU's traffic at once. So it goes in when the peer is sure
 * to have the answer, or a time is over (RFC 7296 §2.8 allows both); that of a pair in the place of another, only when the
 * peer is sure to have the answer, uses the pair or deletes the other (RFC 7296 §2.8 again).
 */
final class EspPairs {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private final Workbench bench;
    private final List<Deferred> deferred = new ArrayList<>();
    private final Set<SaId> refused = new HashSet<>();
    private Optional<MonoTime> nextPoll = Optional.empty();

    EspPairs(Workbench bench) {
        this.bench = bench;
    }

    /**
     * What was negotiated for one pair.
     *
     * @param inboundKeys given over
     * @param outboundKeys given over
     * @param acquireSequence of the ACQUIRE that the pair answers, 0 for none
     * @param rekeys how many there were in its place before
     * @param limits of each half
     * @param ownPort from which the outbound half alone sends in UDP; empty: from the IKE SA's
     */
    record Terms(
            ChildKind kind,
            Optional<CpuId> cpu,
            boolean ours,
            EspSpi localSpi,
            EspSpi remoteSpi,
            EspSuite suite,
            EspKeys inboundKeys,
            EspKeys outboundKeys,
            List<TrafficSelector> localSelectors,
            List<TrafficSelector> remoteSelectors,
            int acquireSequence,
            int rekeys,
            SaLimits limits,
            OptionalInt ownPort) {}

    /**
     * An outbound half that waits.
     *
     * @param answer the message ID of our answer
     * @param since the first look after our answer; a busy machine makes a step long, and the answer leaves at its end
     */
    private record Deferred(SaSpec outbound, SaId inbound, int answer, Optional<MonoTime> since) {
        Deferred along(OuterHeader header) {
            return new Deferred(outbound.along(header), inbound, answer, since);
        }

        Deferred since(Optional<MonoTime> look) {
            return new Deferred(outbound, inbound, answer, look);
        }
    }

    EspSpi reserve(TunnelPolicy policy, Path path) throws Refusal {
        try {
            return bench.kernel()
                    .allocateSpi(path.remote().address(), path.local().address(), policy.reqId());
        } catch (KernelException e) {
            throw refusedByKernel(e);
        }
    }

    /** Gives a reserved SPI back. */
    void release(TunnelPolicy policy, Path path, EspSpi spi) {
        remove(policy, new SaId(path.local().address(), spi));
    }

    /**
     * Puts the pair in, the inbound half first.
     *
     * @param udp ESP in UDP
     * @param answer that the peer has to have before the outbound half goes in, by its message ID; empty: none
     */
    ChildSa install(TunnelPolicy policy, Path path, boolean udp, Terms terms, OptionalInt answer) throws Refusal {
        SaSpec inbound = new SaSpec(
                Direction.IN,
                path.remote().address(),
                new SaId(path.local().address(), terms.localSpi()),
                policy.reqId(),
                terms.cpu(),
                policy.mode(),
                terms.suite(),
                terms.inboundKeys(),
                path.inbound(udp, terms.ownPort()).encapsulation(),
                policy.replayWindow(),
                0,
                terms.limits());
        SaSpec outbound = new SaSpec(
                Direction.OUT,
                path.local().address(),
                new SaId(path.remote().address(), terms.remoteSpi()),
                policy.reqId(),
                terms.cpu(),
                policy.mode(),
                terms.suite(),
                terms.outboundKeys(),
                path.outbound(udp, terms.ownPort()).encapsulation(),
                0,
                terms.acquireSequence(),
                terms.limits());
        try {
            put(inbound);
        } catch (KernelException e) {
            terms.outboundKeys().close();
            release(policy, path, terms.localSpi());
            throw refusedByKernel(e);
        }
        if (answer.isPresent()) {
            deferred.add(new Deferred(outbound, inbound.id(), answer.getAsInt(), Optional.empty()));
            nextPoll = Optional.of(bench.now().plus(POLL));
        } else {
            try {
                put(outbound);
            } catch (KernelException e) {
                remove(policy, inbound.id());
                throw refusedByKernel(e);
            }
        }
        return new ChildSa(terms, inbound.id(), outbound.id(), bench.now());
    }

    /** Whether {@code child}'s outbound half is in. */
    boolean isWhole(ChildSa child) {
        return deferred.stream().noneMatch(one -> one.outbound().id().equals(child.outbound()));
    }

    /**
     * Whether every CPU that has a pair has its outbound half.
     *
     * @param besideAnother as {@link #poll} has it
     */
    boolean isSettled(Predicate<SaId> besideAnother) {
        return deferred.stream()
                .allMatch(one -> besideAnother.test(one.outbound().id()));
    }

    /** The peer has our answers up to that to {@code messageId}: what waited for them goes in. Returns whether any did. */
    boolean confirmed(TunnelPolicy policy, int messageId) {
        List<Deferred> ready =
                deferred.stream().filter(one -> one.answer() <= messageId).toList();
        ready.forEach(one -> complete(policy, one));
        return !ready.isEmpty();
    }

    Optional<MonoTime> due() {
        return deferred.isEmpty() ? Optional.empty() : nextPoll;
    }

    /**
     * Looks whether the peer uses a pair already, or has had time enough.
     *
     * @param besideAnother which outbound halves are of pairs that are rekeyed or the outcome of that: there the other one
     *     goes on, and no time is enough
     * @return whether something went in
     */
    boolean poll(TunnelPolicy policy, Predicate<SaId> besideAnother) {
        if (deferred.isEmpty() || !Deadlines.isDue(nextPoll, bench.now())) {
            return false;
        }
        nextPoll = Optional.of(bench.now().plus(POLL));
        deferred.replaceAll(one -> one.since(one.since().or(() -> Optional.of(bench.now()))));
        List<Deferred> ready = deferred.stream()
                .filter(one -> isUsed(one)
                        || (isOverdue(one) && !besideAnother.test(one.outbound().id())))
                .toList();
        ready.forEach(one -> complete(policy, one));
        return !ready.isEmpty();
    }

    /** The peer asked again: our answer to {@code messageId} was lost, and the wait begins anew. */
    void answeredAgain(int messageId) {
        deferred.replaceAll(one -> one.answer() == messageId ? one.since(Optional.empty()) : one);
    }

    /** The pairs are another IKE SA's now: no message of it says which answers the peer has had on the one before. */
    void moved() {
        deferred.replaceAll(one -> new Deferred(one.outbound(), one.inbound(), Integer.MAX_VALUE, one.since()));
    }

    /**
     * What came of a move.
     *
     * @param former names of outbound halves under which twins may be left
     * @param stuck halves that the kernel would not move
     */
    record Moved(List<SaId> former, Set<SaId> stuck) {}

    /**
     * Lets the packets of all {@code children} go along {@code path}.
     *
     * @param udp ESP in UDP
     */
    Moved move(TunnelPolicy policy, Path path, boolean udp, List<ChildSa> children) {
        Moved moved = new Moved(new ArrayList<>(), new HashSet<>());
        for (ChildSa child : children) {
            SaId before = child.outbound();
            try {
                bench.kernel().move(child.inbound(), path.inbound(udp, child.ownPort()));
                child.comesFrom(0);
                child.leadsTo(moveOutbound(child, path.outbound(udp, child.ownPort())));
            } catch (KernelException e) {
                bench.tell(Event.Level.WARN, policy.name(), "kernel-refused", e.getMessage());
                moved.stuck().add(child.inbound());
            }
            if (!child.outbound().equals(before)) {
                moved.former().add(before);
                bench.carried().renamed(before, child.outbound());
            }
        }
        return moved;
    }

    /** ESP of {@code child}, in UDP, comes from {@code port}: so its state is told, and the kernel need not say it again. */
    void comesFrom(ChildSa child, Path path, int port) {
        if (child.peerPort() != port) {
            child.comesFrom(port);
            try {
                bench.kernel().move(child.inbound(), path.inboundFrom(port));
            } catch (KernelException e) {
                bench.tell(Event.Level.DEBUG, "", "kernel-refused", e.getMessage());
            }
        }
    }

    private SaId moveOutbound(ChildSa child, OuterHeader header) throws KernelException {
        if (isWhole(child)) {
            return bench.kernel().move(child.outbound(), header);
        }
        deferred.replaceAll(one -> one.outbound().id().equals(child.outbound()) ? one.along(header) : one);
        return new SaId(header.destination(), child.outbound().spi());
    }

    /** Packets that have come in on {@code children}. */
    long inboundPackets(List<ChildSa> children) {
        return children.stream().mapToLong(child -> packets(child.inbound())).sum();
    }

    /** Packets that have gone through {@code child}, in both directions. */
    long packets(ChildSa child) {
        return packets(child.inbound()) + packets(child.outbound());
    }

    private long packets(SaId id) {
        try {
            return bench.kernel().usage(id).map(SaUsage::packets).orElse(0L);
        } catch (KernelException e) {
            return 0;
        }
    }

    /** The peer has {@code child}, which it has put in the place of another: its outbound half need not wait. */
    void confirmed(TunnelPolicy policy, ChildSa child) {
        deferred.stream()
                .filter(one -> one.outbound().id().equals(child.outbound()))
                .toList()
                .forEach(one -> complete(policy, one));
    }

    /** Takes the outbound half out. What the peer still sends on the pair is taken until {@link #removeInbound}. */
    void removeOutbound(TunnelPolicy policy, ChildSa child) {
        forget(child);
        remove(policy, child.outbound());
    }

    /** Takes the inbound half out, for packets that are still under way after a time of grace. */
    void removeInbound(TunnelPolicy policy, ChildSa child) {
        bench.removals().removeLater(child.inbound(), policy.name());
    }

    /** Takes the pair out. */
    void remove(TunnelPolicy policy, ChildSa child) {
        removeOutbound(policy, child);
        remove(policy, child.inbound());
    }

    /** The pair is somebody else's to take out; only what waited here is given up. */
    void forget(ChildSa child) {
        deferred.removeIf(one -> {
            boolean gone = one.outbound().id().equals(child.outbound());
            if (gone) {
                one.outbound().keys().close();
            }
            return gone;
        });
    }

    private boolean isUsed(Deferred one) {
        return packets(one.inbound()) > 0;
    }

    private boolean isOverdue(Deferred one) {
        return one.since()
                .filter(look -> bench.now().since(look).compareTo(LONGEST_WAIT) >= 0)
                .isPresent();
    }

    private void complete(TunnelPolicy policy, Deferred one) {
        deferred.remove(one);
        try {
            put(one.outbound());
        } catch (KernelException e) {
            bench.tell(Event.Level.WARN, policy.name(), "kernel-refused", e.getMessage());
            refused.add(one.outbound().id());
        }
    }

    /** The outbound halves that the kernel refused when their time had come; told once. */
    Set<SaId> takeRefused() {
        Set<SaId> taken = Set.copyOf(refused);
        refused.clear();
        return taken;
    }

    /** Hands a state to the kernel; its keys end here. */
    private void put(SaSpec spec) throws KernelException {
        try {
            bench.kernel().install(spec);
            bench.carried().opened(spec);
        } finally {
            spec.keys().close();
        }
    }

    private void remove(TunnelPolicy policy, SaId id) {
        bench.removals().remove(id, policy.name());
    }

    private static Refusal refusedByKernel(KernelException e) {
        return new Refusal(NotifyType.TEMPORARY_FAILURE, "the kernel refused: " + e.getMessage());
    }
}
