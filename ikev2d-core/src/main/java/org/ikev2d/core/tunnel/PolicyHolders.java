package org.ikev2d.core.tunnel;

import java.util.HashMap;
import java.util.Map;
import org.ikev2d.core.kernel.PolicyId;

/**
 * Whose each of our policies in the kernel is. Where one tunnel takes over what another had to hold, the kernel's policy is
 * the new one's, and the other must not take it out.
 */
final class PolicyHolders {
    private final Map<PolicyId, PolicyTable> byPolicy = new HashMap<>();

    void take(PolicyId id, PolicyTable holder) {
        byPolicy.put(id, holder);
    }

    boolean isHeldByAnother(PolicyId id, PolicyTable than) {
        return byPolicy.getOrDefault(id, than) != than;
    }

    /** It is in the kernel no more. */
    void drop(PolicyId id) {
        byPolicy.remove(id);
    }
}
