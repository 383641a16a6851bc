package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.sa.Deadlines;
import org.ikev2d.core.sa.Workbench;

/** A tunnel's policies in the kernel: what is there is made what should be there. What is refused is asked again. */
final class PolicyTable {
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Workbench bench;
    private final String tunnel;
    private final PolicyHolders holders;
    private final Map<PolicyId, PolicySpec> installed = new LinkedHashMap<>();

    /** Those that the kernel would not set or take out: whether they are there is not known. */
    private final Set<PolicyId> doubtful = new LinkedHashSet<>();

    private Map<PolicyId, PolicySpec> wanted = Map.of();
    private Optional<MonoTime> againAt = Optional.empty();

    PolicyTable(Workbench bench, String tunnel, PolicyHolders holders) {
        this.bench = bench;
        this.tunnel = tunnel;
        this.holders = holders;
    }

    /** Somebody looked: this is what the kernel has. */
    void found(List<PolicySpec> policies) {
        installed.clear();
        doubtful.clear();
        policies.forEach(policy -> {
            installed.put(policy.id(), policy);
            holders.take(policy.id(), this);
        });
    }

    /** Sets those of {@code policies} that are not there; the rest stays. */
    void add(Collection<PolicySpec> policies) {
        policies.stream().filter(policy -> !installed.containsKey(policy.id())).forEach(this::set);
    }

    List<PolicySpec> installed() {
        return List.copyOf(installed.values());
    }

    /**
     * @param resteer set outbound policies again though they are as they should be: flows that exist keep to the state
     *     they found until their policy is replaced
     */
    void sync(Collection<PolicySpec> desired, boolean resteer) {
        wanted = new LinkedHashMap<>();
        desired.forEach(policy -> wanted.putIfAbsent(policy.id(), policy));
        againAt = Optional.empty();
        for (PolicySpec policy : wanted.values()) {
            boolean again =
                    doubtful.contains(policy.id()) || (resteer && policy.id().direction() == Direction.OUT);
            if (again || !policy.equals(installed.get(policy.id()))) {
                set(policy);
            }
        }
        Set<PolicyId> superfluous = new LinkedHashSet<>(installed.keySet());
        superfluous.addAll(doubtful);
        superfluous.removeAll(wanted.keySet());
        superfluous.forEach(this::remove);
    }

    /** What is there stays, but asks per CPU no more. */
    void askNothing() {
        sync(installed().stream().map(policy -> policy.withCpuAcquire(false)).toList(), false);
    }

    /** Whether the kernel refused nothing. */
    boolean isSettled() {
        return doubtful.isEmpty();
    }

    Optional<MonoTime> due() {
        return againAt;
    }

    void onTime() {
        if (Deadlines.isDue(againAt, bench.now())) {
            sync(wanted.values(), false);
        }
    }

    private void set(PolicySpec policy) {
        try {
            holders.take(policy.id(), this);
            bench.kernel().setPolicy(policy);
            installed.put(policy.id(), policy);
            doubtful.remove(policy.id());
        } catch (KernelException e) {
            refused(policy.id(), e);
        }
    }

    private void remove(PolicyId id) {
        try {
            if (!holders.isHeldByAnother(id, this)) {
                bench.kernel().removePolicy(id);
                holders.drop(id);
            }
            installed.remove(id);
            doubtful.remove(id);
        } catch (KernelException e) {
            refused(id, e);
        }
    }

    private void refused(PolicyId id, KernelException why) {
        if (doubtful.add(id)) {
            bench.tell(Event.Level.WARN, tunnel, "kernel-refused", why.getMessage() + "; it is asked again");
        }
        againAt = Optional.of(bench.now().plus(AGAIN));
    }
}
