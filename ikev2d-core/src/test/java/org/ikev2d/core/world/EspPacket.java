package org.ikev2d.core.world;

import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.net.Endpoint;
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
    /** As it looks with another outer header. */
    EspPacket rerouted(Endpoint from, Endpoint to) {
        Optional<Encapsulation> ports = encapsulation.map(old -> new Encapsulation(from.port(), to.port()));
        return new EspPacket(from.address(), to.address(), ports, spi, keys, inner, stateCpu);
    }
}
