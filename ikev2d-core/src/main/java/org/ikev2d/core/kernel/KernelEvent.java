package org.ikev2d.core.kernel;

import java.util.Optional;
import org.ikev2d.core.net.Endpoint;

/** What the kernel tells unasked. Only what bears a reqid of ours is told. */
public sealed interface KernelEvent {
    /**
     * XFRM_MSG_ACQUIRE: a packet met a policy and no state that suits.
     *
     * @param sequence for the outbound state that answers
     * @param cpu the CPU that lacks a state of its own; empty when there is no usable state at all
     * @param trigger the packet's own selector
     */
    record Acquire(int sequence, ReqId reqId, Optional<CpuId> cpu, PacketSelector trigger) implements KernelEvent {}

    /**
     * XFRM_MSG_EXPIRE.
     *
     * @param hard whether the state is gone; else it wants to be rekeyed
     */
    record Expire(SaId id, ReqId reqId, boolean hard) implements KernelEvent {}

    /** XFRM_MSG_MAPPING: UDP-encapsulated packets of an inbound state come from elsewhere now. */
    record Mapping(SaId id, ReqId reqId, Endpoint previous, Endpoint current) implements KernelEvent {}

    /** Events were lost (ENOBUFS): whatever matters must be looked up. */
    record Overrun() implements KernelEvent {}
}
