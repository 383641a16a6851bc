package org.ikev2d.xfrm.steering;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.ethtool.EthtoolPort;
import org.ikev2d.xfrm.ethtool.FlowType;
import org.ikev2d.xfrm.ethtool.Nic;
import org.ikev2d.xfrm.ethtool.RxMatch;
import org.ikev2d.xfrm.ethtool.RxRule;
import org.ikev2d.xfrm.netlink.Errno;

/**
 * Keeps in each NIC a receive rule for every inbound per-CPU SA that leads its packets to the queue of its CPU. What the
 * NIC refuses is told once and left to its hash; only rules of ours are ever taken out. {@link #placed} is for any thread,
 * the rest for one.
 */
public final class Steering {
    private final EthtoolPort ethtool;
    private final Surroundings surroundings;
    private final RuleRecord record;
    private final Observer observer;

    private final Set<PlacedRule> rules;
    private final Set<Refusable> refused = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private final Map<String, Map<CpuId, Integer>> queues = new HashMap<>();
    private volatile Map<SaId, List<PlacedRule>> placed = Map.of();

    /** Is told what an operator may want to know. */
    public interface Observer {
        /** Once for each device and reason. */
        void unsteered(String device, String reason);
    }

    private record Refusable(String device, FlowType type) {}

    private record Ends(IpAddress local, IpAddress peer) {}

    private record Spot(String device, RxMatch match) {}

    /** @param record the file that remembers our rules */
    public Steering(EthtoolPort ethtool, Surroundings surroundings, Path record, Observer observer) throws IOException {
        this.ethtool = ethtool;
        this.surroundings = surroundings;
        this.record = new RuleRecord(record);
        this.observer = observer;
        this.rules = new LinkedHashSet<>(this.record.load());
    }

    /** The rules in place for each SA. */
    public Map<SaId, List<PlacedRule>> placed() {
        return placed;
    }

    /**
     * Makes the NICs' rules those that {@code inbound} needs.
     *
     * @param inbound all inbound states of ours, those for every CPU too
     * @param anew whether what is known of the NICs may have changed: queues, interrupts, rules, what they refuse
     * @throws IOException when the record cannot be written; then nothing more was put in
     */
    public void follow(Collection<InboundSa> inbound, boolean anew) throws IOException {
        if (anew) {
            queues.clear();
            refused.clear();
            rules.removeIf(rule -> rule.location().isPresent() && !isInPlace(rule));
        }
        Map<SaId, RxMatch> matches = matches(inbound);
        Map<Spot, Integer> wanted = wanted(inbound, matches);
        removeStale(wanted);
        addMissing(wanted);
        record.save(rules);
        Map<RxMatch, List<PlacedRule>> byMatch =
                rules.stream().collect(Collectors.groupingBy(rule -> rule.rule().match()));
        Map<SaId, List<PlacedRule>> now = new HashMap<>();
        matches.forEach((id, match) -> {
            if (byMatch.containsKey(match)) {
                now.put(id, byMatch.get(match));
            }
        });
        placed = Map.copyOf(now);
    }

    /**
     * What tells each per-CPU SA's packets from all others'. ESP has its SPI. In UDP a NIC sees the ports only, which tell
     * an SA apart when the peer sends no other SA's packets from there.
     */
    private static Map<SaId, RxMatch> matches(Collection<InboundSa> inbound) {
        Map<RxMatch, Long> users = inbound.stream()
                .flatMap(sa -> match(sa).stream())
                .collect(Collectors.groupingBy(match -> match, Collectors.counting()));
        Map<SaId, RxMatch> matches = new LinkedHashMap<>();
        for (InboundSa sa : inbound) {
            match(sa)
                    .filter(match -> sa.cpu().isPresent() && users.get(match) == 1)
                    .ifPresent(match -> matches.put(sa.id(), match));
        }
        return matches;
    }

    private static Optional<RxMatch> match(InboundSa sa) {
        if (sa.encapsulation().isEmpty()) {
            return Optional.of(new RxMatch.Esp(sa.id().destination(), sa.id().spi()));
        }
        int sourcePort = sa.encapsulation().get().sourcePort();
        return sourcePort == 0
                ? Optional.empty()
                : Optional.of(new RxMatch.Udp(
                        sa.source(),
                        sourcePort,
                        sa.id().destination(),
                        sa.encapsulation().get().destinationPort()));
    }

    private Map<Spot, Integer> wanted(Collection<InboundSa> inbound, Map<SaId, RxMatch> matches) {
        Map<Spot, Integer> wanted = new LinkedHashMap<>();
        Map<Ends, SortedSet<String>> ways = new HashMap<>();
        for (InboundSa sa : inbound) {
            RxMatch match = matches.get(sa.id());
            if (match == null) {
                continue;
            }
            CpuId cpu = sa.cpu().orElseThrow();
            Ends ends = new Ends(sa.id().destination(), sa.source());
            for (String device :
                    ways.computeIfAbsent(ends, each -> surroundings.receivers(each.local(), each.peer()))) {
                Map<CpuId, Integer> known = queues.computeIfAbsent(device, surroundings::queues);
                if (known.containsKey(cpu)) {
                    wanted.put(new Spot(device, match), known.get(cpu));
                } else {
                    tell(
                            device,
                            known.size() + " CPUs have a receive queue to themselves, and CPUs with SAs have none");
                }
            }
        }
        return wanted;
    }

    private void removeStale(Map<Spot, Integer> wanted) {
        for (PlacedRule rule : List.copyOf(rules)) {
            Integer queue = wanted.get(new Spot(rule.device(), rule.rule().match()));
            if (rule.location().isEmpty()
                    || queue == null
                    || queue != rule.rule().queue()) {
                remove(rule);
            }
        }
    }

    /** Whatever is at its place and is not the rule that we made stays. */
    private void remove(PlacedRule rule) {
        Nic nic = new Nic(ethtool, rule.device());
        try {
            OptionalInt location = rule.location().isPresent() && isInPlace(rule) ? rule.location() : search(nic, rule);
            if (location.isPresent()) {
                nic.delete(location.getAsInt());
            }
            rules.remove(rule);
        } catch (KernelException e) {
            if (Errno.ENODEV.is(e.errno()) || Errno.EOPNOTSUPP.is(e.errno())) {
                rules.remove(rule);
            } else {
                tell(rule.device(), "a receive rule of ours stays: " + e.getMessage());
            }
        }
    }

    /** Where a rule is that was written down but perhaps not made. */
    private static OptionalInt search(Nic nic, PlacedRule rule) throws KernelException {
        if (rule.location().isPresent()) {
            return OptionalInt.empty();
        }
        return nic.ruleLocations().stream()
                .mapToInt(Integer::intValue)
                .filter(location -> isThere(nic, location, rule))
                .findFirst();
    }

    private boolean isInPlace(PlacedRule rule) {
        return isThere(new Nic(ethtool, rule.device()), rule.location().orElseThrow(), rule);
    }

    private static boolean isThere(Nic nic, int location, PlacedRule rule) {
        return nic.rule(location)
                .filter(found -> found.match().equals(rule.rule().match()))
                .isPresent();
    }

    private void addMissing(Map<Spot, Integer> wanted) throws IOException {
        Map<Spot, Integer> missing = new LinkedHashMap<>(wanted);
        rules.forEach(rule -> missing.remove(new Spot(rule.device(), rule.rule().match())));
        Map<String, List<RxRule>> byDevice = new TreeMap<>();
        missing.forEach((spot, queue) -> byDevice.computeIfAbsent(spot.device(), device -> new ArrayList<>())
                .add(new RxRule(spot.match(), queue)));
        for (Map.Entry<String, List<RxRule>> each : byDevice.entrySet()) {
            add(new Nic(ethtool, each.getKey()), each.getValue());
        }
    }

    private void add(Nic nic, List<RxRule> missing) throws IOException {
        List<PlacedRule> planned = missing.stream()
                .filter(rule -> !refused.contains(
                        new Refusable(nic.device(), rule.match().flowType())))
                .map(rule -> new PlacedRule(nic.device(), OptionalInt.empty(), rule))
                .toList();
        if (planned.isEmpty()) {
            return;
        }
        rules.addAll(planned);
        record.save(rules);
        for (PlacedRule plan : planned) {
            rules.remove(plan);
            insert(nic, plan.rule()).ifPresent(location -> rules.add(plan.at(location)));
        }
    }

    private Optional<Integer> insert(Nic nic, RxRule rule) {
        Refusable kind = new Refusable(nic.device(), rule.match().flowType());
        if (refused.contains(kind)) {
            return Optional.empty();
        }
        try {
            return Optional.of(nic.insert(rule, nic.freeLocation()));
        } catch (KernelException e) {
            refused.add(kind);
            tell(nic.device(), e.getMessage());
            return Optional.empty();
        }
    }

    private void tell(String device, String reason) {
        if (told.add(device + " " + reason)) {
            observer.unsteered(device, reason);
        }
    }
}
