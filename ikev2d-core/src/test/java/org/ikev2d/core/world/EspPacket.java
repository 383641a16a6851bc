package org.ikev2d.core.world;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;

/**
 * A packet inside ESP in tunnel mode.
 *
 * @param source of the outer header
 * @param destination of the outer header
 * @param encapsulation the UDP ports, empty for plain ESP
 * @param keys the sender's, as {@link XfrmState#keys}: stands for the encryption
 * @param stateCpu the CPU that the sender's state is for; of use to tests only
 */
public record EspPacket(
        IpAddress source,
        IpAddress destination,
        Optional<Encapsulation> encapsulation,
        EspSpi spi,
        Bytes keys,
        Packet inner,
        Optional<CpuId> stateCpu) {
    EspPacket rerouted(IpAddress newSource, IpAddress newDestination, Optional<Encapsulation> ports) {
        return new EspPacket(newSource, newDestination, ports, spi, keys, inner, stateCpu);
    }
}
