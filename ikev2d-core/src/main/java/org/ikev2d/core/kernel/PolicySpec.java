package org.ikev2d.core.kernel;

import org.ikev2d.core.net.IpAddress;

/**
 * What happens to the traffic of a selector. Its template, which names ESP from {@code source} to {@code destination} and
 * the reqid, says whose the policy is, too where it blocks.
 *
 * @param priority lower numbers win
 * @param cpuAcquire XFRM_POLICY_CPU_ACQUIRE: a CPU without a state of its own asks for one; outbound only
 */
public record PolicySpec(
        PolicyId id,
        ReqId reqId,
        IpAddress source,
        IpAddress destination,
        int priority,
        boolean cpuAcquire,
        Action action) {
    /** What is done with what a policy matches. */
    public enum Action {
        /** Nothing passes but in ESP in tunnel mode. */
        TUNNEL,
        /** Nothing passes but in ESP in transport mode. */
        TRANSPORT,
        /** XFRM_POLICY_BLOCK: nothing passes. */
        BLOCK
    }

    /** One that requires ESP in tunnel mode. */
    public PolicySpec(
            PolicyId id, ReqId reqId, IpAddress source, IpAddress destination, int priority, boolean cpuAcquire) {
        this(id, reqId, source, destination, priority, cpuAcquire, Action.TUNNEL);
    }

    public PolicySpec withCpuAcquire(boolean wanted) {
        return new PolicySpec(id, reqId, source, destination, priority, wanted, action);
    }

    public boolean isBlock() {
        return action == Action.BLOCK;
    }
}
