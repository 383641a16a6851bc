package org.ikev2d.core.sa;

import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.policy.TunnelPolicy;

/** Whose IKE SA it is: the tunnel, seen from below. */
public interface SaOwner {
    TunnelPolicy policy();

    /** Whether {@code sa}, which a peer began or we did, may be this one's: between its ends, and wanted at all. */
    boolean admits(IkeSa sa);

    /** Whether our first IKE_AUTH says INITIAL_CONTACT: we know of no other IKE SA with the peer. */
    boolean isInitialContact();

    /** The ACQUIRE for any SA at all that is open. */
    Optional<KernelTrigger> trigger();

    /** Whether traffic flows over other SAs meanwhile, so that new ones may wait until the peer is sure to have them. */
    boolean hasOtherOutbound(IkeSa sa);

    /** The CPUs that still send over SAs of their own of IKE SAs that are no more. */
    Set<CpuId> formerCpus();

    /** {@code sa} has proven its peer; its first Child SA is in. */
    void established(IkeSa sa, boolean initialContact);

    /** {@code heir} was made, and may take another's place. */
    void expects(IkeSa heir);

    /** {@code heir} has taken the place of {@code sa}, with all its Child SAs. */
    void succeeded(IkeSa sa, IkeSa heir);

    /** Child SAs came or went, or their state in the kernel changed. */
    void childrenChanged(IkeSa sa);

    /** {@code sa}, or its Child SA that serves every CPU, cannot be rekeyed: all is to be made anew beside it. */
    void wornOut(IkeSa sa);

    /** A peer's attempt came to nothing before it was ours. */
    void refused(Failure why);

    /** {@code sa} is no more; its children are still in the kernel, and the owner's to take out. */
    void ended(IkeSa sa, Failure failure);
}
