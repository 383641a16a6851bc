package org.ikev2d.core.sa;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.exchange.QueueNotices.NumQueues;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.QueuePolicy.Dialect;
import org.ikev2d.core.registry.KeyExchangeMethod;
import org.ikev2d.core.wire.EspSpi;

/**
 * The Child SAs of one IKE SA: an ordinary one, or a fallback that serves every CPU and per-CPU ones beside it. The
 * fallback outlives the others. A set is kept to its limit by refusing, never by deleting.
 */
final class ChildSet {
    private final QueuePolicy policy;
    private final List<ChildSa> children = new ArrayList<>();
    /** Those that the peer has rekeyed and not yet deleted, each with what is in its place. */
    private final Map<ChildSa, ChildSa> superseded = new LinkedHashMap<>();

    private final Set<CpuId> asked = new TreeSet<>();
    private final Set<CpuId> underWay = new TreeSet<>();

    private Optional<Dialect> dialect = Optional.empty();
    private int agreed;
    private Optional<KeyExchangeMethod> demandedMethod = Optional.empty();

    ChildSet(QueuePolicy policy) {
        this.policy = policy;
    }

    List<ChildSa> all() {
        return List.copyOf(children);
    }

    /** How the ends speak of the set; empty: there is none, only ordinary SAs. */
    Optional<Dialect> dialect() {
        return dialect;
    }

    /** Both ends have agreed to make a set, with {@code numQueues} of the peer where the dialect has it. */
    void agree(Dialect spoken, Optional<NumQueues> peer, Cpus cpus) {
        dialect = Optional.of(spoken);
        agreed = peer.map(theirs -> numQueues(cpus).agree(theirs)).orElse(QueuePolicy.CEILING);
    }

    /** What we want and accept. */
    NumQueues numQueues(Cpus cpus) {
        int max = policy.limit().orElse(2 * Math.max(1, cpus.online().size()));
        int preferred = policy.count().orElse(Math.max(1, cpus.online().size()));
        return new NumQueues(Math.min(preferred, max), Math.min(max, QueuePolicy.CEILING));
    }

    /** Per-CPU SAs that the set may have, the first not counted. */
    int limit(Cpus cpus) {
        return dialect.filter(Dialect.DRAFT_2020::equals).isPresent()
                ? agreed
                : numQueues(cpus).max();
    }

    /** Whether we ask for no more, should all that is under way be granted. */
    boolean isFull(Cpus cpus) {
        return perCpu() + underWay.size() >= limit(cpus);
    }

    /**
     * Whether the peer gets no more. Both ends may ask for the last places at once: then the IKE SA's initiator has them,
     * {@code sooner}, and refuses the other; if both did so, nobody would have them.
     */
    boolean isClosed(Cpus cpus, boolean sooner) {
        return sooner ? isFull(cpus) : perCpu() >= limit(cpus);
    }

    int perCpu() {
        return (int) children.stream()
                .filter(child -> child.kind() == ChildKind.PER_CPU && isCurrent(child))
                .count();
    }

    /** The SA that the others are like: the fallback, or the ordinary one. */
    Optional<ChildSa> first() {
        return children.stream()
                .filter(child -> child.kind() != ChildKind.PER_CPU)
                .findFirst();
    }

    Optional<ChildSa> byOutbound(EspSpi spi) {
        return children.stream()
                .filter(child -> child.outbound().spi().equals(spi))
                .findFirst();
    }

    boolean contains(ChildSa child) {
        return children.contains(child);
    }

    void add(ChildSa child) {
        children.add(child);
        child.cpu().ifPresent(asked::remove);
    }

    void remove(ChildSa child) {
        children.remove(child);
        superseded.remove(child);
        superseded.values().remove(child);
    }

    /** Puts {@code fresh} in the place of {@code old}. */
    void replace(ChildSa old, ChildSa fresh) {
        children.set(children.indexOf(old), fresh);
        remove(old);
    }

    /** {@code fresh} is in the place of {@code old}, which stays until the peer deletes it. */
    void supersede(ChildSa old, ChildSa fresh) {
        superseded.put(old, fresh);
    }

    /** What is in the place of {@code old} already. */
    Optional<ChildSa> successor(ChildSa old) {
        return Optional.ofNullable(superseded.get(old));
    }

    /** Whether the pair whose outbound half is {@code outbound} is one that the peer has rekeyed, or what it made of that. */
    boolean isBesideAnother(SaId outbound) {
        return superseded.entrySet().stream()
                .anyMatch(pair -> pair.getKey().outbound().equals(outbound)
                        || pair.getValue().outbound().equals(outbound));
    }

    /** Whether it is there, and none in its place. */
    boolean isCurrent(ChildSa child) {
        return children.contains(child) && !superseded.containsKey(child);
    }

    /** Whether another has the traffic that {@code child} had, on its CPU. */
    boolean isServedBeside(ChildSa child) {
        return children.stream()
                .anyMatch(other -> !other.equals(child)
                        && other.kind() == child.kind()
                        && other.cpu().equals(child.cpu()));
    }

    /** The key exchange that the peer wants in place of our first choice. */
    Optional<KeyExchangeMethod> demandedMethod() {
        return demandedMethod;
    }

    void demandsMethod(KeyExchangeMethod method) {
        demandedMethod = Optional.of(method);
    }

    /** A request for {@code cpu} is under way or queued. */
    void asked(CpuId cpu) {
        asked.add(cpu);
    }

    /** That for {@code cpu} is under way. */
    void sent(CpuId cpu) {
        underWay.add(cpu);
    }

    /** It is answered. */
    void answered(CpuId cpu) {
        underWay.remove(cpu);
    }

    /** It came to nothing. */
    void notGranted(CpuId cpu) {
        asked.remove(cpu);
    }

    boolean isAsking() {
        return !asked.isEmpty();
    }

    boolean covers(CpuId cpu) {
        return load(cpu) > 0;
    }

    /** Those CPUs of ours that are to have an SA of their own and have none, nor are asked for. */
    List<CpuId> uncovered(Cpus cpus) {
        return cpus.online().stream()
                .filter(cpu -> !covers(cpu) && !asked.contains(cpu))
                .limit(lacking(cpus))
                .toList();
    }

    /** Whether {@code cpu} may still be asked for: it need not be among the first of those that are uncovered. */
    boolean lacks(CpuId cpu, Cpus cpus) {
        return cpus.online().contains(cpu) && !covers(cpu) && !asked.contains(cpu) && lacking(cpus) > 0;
    }

    boolean asks(CpuId cpu) {
        return asked.contains(cpu);
    }

    private long lacking(Cpus cpus) {
        long served = cpus.online().stream()
                .filter(cpu -> covers(cpu) || asked.contains(cpu))
                .count();
        return Math.max(0, wanted(cpus) - served);
    }

    /**
     * The CPU for an SA that the peer asked for: that with the fewest, those under way counted. A CPU that is only queued
     * for is as good as any: its request is not made any more.
     */
    CpuId leastLoaded(Cpus cpus) {
        return cpus.online().stream()
                .min(Comparator.comparingLong((CpuId cpu) -> load(cpu) + (underWay.contains(cpu) ? 1 : 0))
                        .thenComparing(this::load)
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(new CpuId(0));
    }

    /** SAs that there should be. */
    int expected(Cpus cpus) {
        return 1 + wanted(cpus);
    }

    /** How many CPUs of ours should have an SA of their own. */
    private int wanted(Cpus cpus) {
        int online = cpus.online().size();
        return dialect.isEmpty() ? 0 : Math.min(Math.min(policy.count().orElse(online), online), limit(cpus));
    }

    private long load(CpuId cpu) {
        return children.stream()
                .filter(child -> child.cpu().filter(cpu::equals).isPresent() && isCurrent(child))
                .count();
    }
}
