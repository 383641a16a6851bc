package org.ikev2d.core.kernel;

import java.util.Optional;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.net.IpAddress;

/**
 * One direction of a Child SA as the kernel is to have it.
 *
 * @param direction IN or OUT
 * @param cpu the CPU that it is for (XFRMA_SA_PCPU); empty: every CPU
 * @param mode of both halves of the Child SA
 * @param keys lent for the call; the caller closes them
 * @param encapsulation UDP ports, empty for plain ESP
 * @param replayWindow packets; inbound only
 * @param acquireSequence xfrm_user_acquire.seq that this state answers, 0 for none; outbound only
 * @param limits which {@link KernelEvent.Expire} tells of
 */
public record SaSpec(
        Direction direction,
        IpAddress source,
        SaId id,
        ReqId reqId,
        Optional<CpuId> cpu,
        EspMode mode,
        EspSuite suite,
        EspKeys keys,
        Optional<Encapsulation> encapsulation,
        int replayWindow,
        int acquireSequence,
        SaLimits limits) {
    /** One in tunnel mode that may carry whatever there is. */
    public SaSpec(
            Direction direction,
            IpAddress source,
            SaId id,
            ReqId reqId,
            Optional<CpuId> cpu,
            EspSuite suite,
            EspKeys keys,
            Optional<Encapsulation> encapsulation,
            int replayWindow,
            int acquireSequence) {
        this(
                direction,
                source,
                id,
                reqId,
                cpu,
                EspMode.TUNNEL,
                suite,
                keys,
                encapsulation,
                replayWindow,
                acquireSequence,
                SaLimits.UNLIMITED);
    }

    /** The same between other endpoints. */
    public SaSpec along(OuterHeader header) {
        return new SaSpec(
                direction,
                header.source(),
                new SaId(header.destination(), id.spi()),
                reqId,
                cpu,
                mode,
                suite,
                keys,
                header.encapsulation(),
                replayWindow,
                acquireSequence,
                limits);
    }
}
