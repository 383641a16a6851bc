package org.ikev2d.core.kernel;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;

/**
 * The data plane's port: where Child SAs and policies are put. Calls take microseconds and happen in the order in which
 * they are made; events come back to the engine as {@link KernelEvent}s. One thread at a time.
 *
 * <p>An implementation touches only what bears a {@link ReqId} of ours.
 */
public interface Kernel {
    /** Reserves an SPI for an inbound ESP SA from {@code source} to {@code destination}. */
    EspSpi allocateSpi(IpAddress source, IpAddress destination, ReqId reqId) throws KernelException;

    /** Puts a state in; an inbound one takes the place of its reservation. */
    void install(SaSpec sa) throws KernelException;

    /**
     * Lets the packets of a state go between other endpoints. Its keys, sequence numbers, counters, limits and CPU stay. Where
     * the destination is another one, so is the name; under the old one a twin may be left, so that nothing is without a
     * state until policies lead to the new one: then it is the caller's to remove.
     *
     * @return the name that the state has now
     */
    SaId move(SaId id, OuterHeader header) throws KernelException;

    /** Takes a state or a reservation out; one that is not there is no error. */
    void remove(SaId id) throws KernelException;

    /** Puts a policy in or replaces the one of the same id; flows that exist look up their state anew. */
    void setPolicy(PolicySpec policy) throws KernelException;

    /** Takes a policy out; one that is not there is no error. */
    void removePolicy(PolicyId id) throws KernelException;

    /** A state's counters; empty when there is no such state. */
    Optional<SaUsage> usage(SaId id) throws KernelException;

    /** All states with a reqid of ours. */
    List<InstalledSa> installedSas() throws KernelException;

    /** All policies whose template has a reqid of ours. */
    List<PolicySpec> installedPolicies() throws KernelException;
}
