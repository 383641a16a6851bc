package org.ikev2d.core.kernel;

import org.ikev2d.core.net.IpAddress;

/**
 * A policy that requires ESP in tunnel mode from {@code source} to {@code destination}.
 *
 * @param priority lower numbers win
 * @param cpuAcquire XFRM_POLICY_CPU_ACQUIRE: a CPU without a state of its own asks for one; outbound only
 */
public record PolicySpec(
        PolicyId id, ReqId reqId, IpAddress source, IpAddress destination, int priority, boolean cpuAcquire) {
    public PolicySpec withCpuAcquire(boolean wanted) {
        return new PolicySpec(id, reqId, source, destination, priority, wanted);
    }
}
