package org.ikev2d.core.kernel;

import java.util.Optional;
import org.ikev2d.core.net.IpAddress;

/**
 * An ESP state of ours that the kernel has.
 *
 * @param direction empty where the kernel does not know one (before Linux 6.10)
 * @param larval a reserved SPI or an open ACQUIRE: not usable yet
 */
public record InstalledSa(
        SaId id, IpAddress source, ReqId reqId, Optional<Direction> direction, Optional<CpuId> cpu, boolean larval) {}
