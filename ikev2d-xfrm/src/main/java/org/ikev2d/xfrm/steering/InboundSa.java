package org.ikev2d.xfrm.steering;

import java.util.Optional;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.IpAddress;

/**
 * An inbound state of ours, as far as a NIC is concerned.
 *
 * @param source the peer's address
 * @param cpu that it is for; empty for every CPU
 * @param encapsulation the packets' UDP ports, the peer's first, 0 where it may use any; empty for plain ESP
 */
public record InboundSa(SaId id, IpAddress source, Optional<CpuId> cpu, Optional<Encapsulation> encapsulation) {}
