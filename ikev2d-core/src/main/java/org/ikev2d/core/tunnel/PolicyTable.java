package org.ikev2d.core.tunnel;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.sa.Workbench;

/** A tunnel's policies in the kernel: what is there is made what should be there. */
final class PolicyTable {
    private final Workbench bench;
    private final String tunnel;
    private final Map<PolicyId, PolicySpec> installed = new LinkedHashMap<>();

    PolicyTable(Workbench bench, String tunnel) {
        this.bench = bench;
        this.tunnel = tunnel;
    }

    /** An earlier run left {@code policy}. */
    void adopt(PolicySpec policy) {
        installed.put(policy.id(), policy);
    }

    /** Somebody looked: this is what the kernel has. */
    void found(List<PolicySpec> policies) {
        installed.clear();
        policies.forEach(this::adopt);
    }

    List<PolicySpec> installed() {
        return List.copyOf(installed.values());
    }

    /**
     * @param resteer set outbound policies again though they are as they should be: flows that exist keep to the state
     *     they found until their policy is replaced
     */
    void sync(Collection<PolicySpec> desired, boolean resteer) {
        Map<PolicyId, PolicySpec> wanted = new LinkedHashMap<>();
        desired.forEach(policy -> wanted.putIfAbsent(policy.id(), policy));
        for (PolicySpec policy : wanted.values()) {
            boolean again = resteer && policy.id().direction() == Direction.OUT;
            if (again || !policy.equals(installed.get(policy.id()))) {
                set(policy);
            }
        }
        for (PolicyId id : List.copyOf(installed.keySet())) {
            if (!wanted.containsKey(id)) {
                remove(id);
            }
        }
    }

    /** What is there stays, but asks per CPU no more. */
    void askNothing() {
        sync(installed().stream().map(policy -> policy.withCpuAcquire(false)).toList(), false);
    }

    private void set(PolicySpec policy) {
        try {
            bench.kernel().setPolicy(policy);
            installed.put(policy.id(), policy);
        } catch (KernelException e) {
            bench.tell(Event.Level.WARN, tunnel, "kernel-refused", e.getMessage());
        }
    }

    private void remove(PolicyId id) {
        try {
            bench.kernel().removePolicy(id);
        } catch (KernelException e) {
            bench.tell(Event.Level.WARN, tunnel, "kernel-refused", e.getMessage());
        }
        installed.remove(id);
    }
}
