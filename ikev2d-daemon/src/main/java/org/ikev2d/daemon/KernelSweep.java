package org.ikev2d.daemon;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;

/** What of ours is in the kernel while no engine runs. */
record KernelSweep(Kernel kernel) {
    /**
     * Takes out all states of {@code tunnels}, and the policies of those that leave nothing behind: policies first, so that
     * none is left to ask for states.
     *
     * @param tunnels by the even reqid of their pairs
     * @return how many there were
     */
    int remove(Map<ReqId, OnStop> tunnels) throws KernelException {
        return remove(tunnel -> tunnels.get(tunnel) == OnStop.REMOVE, tunnels::containsKey);
    }

    /** All states and policies, of whatever tunnel. */
    int removeAll() throws KernelException {
        return remove(tunnel -> true, tunnel -> true);
    }

    private int remove(Predicate<ReqId> ofPolicies, Predicate<ReqId> ofStates) throws KernelException {
        int removed = 0;
        for (PolicySpec policy : kernel.installedPolicies()) {
            if (ofPolicies.test(policy.reqId().tunnel())) {
                kernel.removePolicy(policy.id());
                removed++;
            }
        }
        for (InstalledSa sa : kernel.installedSas()) {
            if (ofStates.test(sa.reqId().tunnel())) {
                kernel.remove(sa.id());
                removed++;
            }
        }
        return removed;
    }

    /** Those names of {@code record} that are not {@code configured} and of which the kernel has nothing. */
    Set<String> forgettable(Map<String, ReqId> record, Collection<String> configured) throws KernelException {
        Set<ReqId> inUse = Stream.concat(
                        kernel.installedPolicies().stream().map(PolicySpec::reqId),
                        kernel.installedSas().stream().map(InstalledSa::reqId))
                .map(ReqId::tunnel)
                .collect(Collectors.toSet());
        Set<String> names = new TreeSet<>(record.keySet());
        names.removeAll(configured);
        names.removeIf(name -> inUse.contains(record.get(name)));
        return names;
    }
}
