package org.ikev2d.xfrm.userspace;

import java.util.Optional;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.IpAddress;

/** An ESP SA that was put in, or a reserved SPI. */
sealed interface State permits InboundState, OutboundState, Reservation {
    SaId id();

    IpAddress source();

    ReqId reqId();

    Direction direction();

    /** The CPU or queue that it is for; empty: every one. */
    Optional<CpuId> unit();

    Optional<SaUsage> usage();

    /** Forgets the keys; nobody uses it any more. */
    void close();

    default InstalledSa installed() {
        return new InstalledSa(id(), source(), reqId(), Optional.of(direction()), unit(), usage().isEmpty());
    }
}
