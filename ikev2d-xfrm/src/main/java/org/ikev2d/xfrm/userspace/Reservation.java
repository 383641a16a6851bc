package org.ikev2d.xfrm.userspace;

import java.util.Optional;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.IpAddress;

/** An SPI that an inbound SA will have. */
record Reservation(SaId id, IpAddress source, ReqId reqId) implements State {
    @Override
    public Direction direction() {
        return Direction.IN;
    }

    @Override
    public Optional<CpuId> unit() {
        return Optional.empty();
    }

    @Override
    public Optional<SaUsage> usage() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
