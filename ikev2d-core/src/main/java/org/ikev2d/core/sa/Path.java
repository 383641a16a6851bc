package org.ikev2d.core.sa;

import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.net.Endpoint;

/**
 * Between which endpoints an IKE SA's messages go.
 *
 * @param encapsulated with the non-ESP marker: both ends use their NAT port
 */
public record Path(Endpoint local, Endpoint remote, boolean encapsulated) {
    /** The way back of {@code datagram}. */
    public static Path backOf(Input.Datagram datagram) {
        return new Path(datagram.local(), datagram.remote(), datagram.encapsulated());
    }

    /** The same ends on their NAT ports (RFC 7296 §2.23). */
    public Path floated(int natPort) {
        return new Path(local.withPort(natPort), remote.withPort(natPort), true);
    }

    /** Octets of IP, UDP and the non-ESP marker in front of a message. */
    int headers() {
        return (remote.address().isIpv4() ? 20 : 40) + 8 + (encapsulated ? 4 : 0);
    }

    public Output.Send send(Bytes octets) {
        return new Output.Send(local, remote, octets, encapsulated);
    }

    /** The same with the peer elsewhere. */
    Path to(Endpoint other) {
        return new Path(local, other, encapsulated);
    }

    /**
     * Of the outbound half of a Child SA.
     *
     * @param udp ESP in UDP
     * @param ownPort from which that sends in UDP; empty: from the IKE SA's
     */
    OuterHeader outbound(boolean udp, OptionalInt ownPort) {
        return header(local.withPort(ownPort.orElse(local.port())), remote, udp);
    }

    /**
     * Of the inbound half of a Child SA, whose peer may send from a port of its own where our half does.
     *
     * @param udp ESP in UDP
     * @param ownPort from which our half sends in UDP
     */
    OuterHeader inbound(boolean udp, OptionalInt ownPort) {
        return header(ownPort.isPresent() ? remote.withPort(0) : remote, local, udp);
    }

    /** Of an inbound half whose packets come from {@code port} in UDP. */
    OuterHeader inboundFrom(int port) {
        return header(remote.withPort(port), local, true);
    }

    private static OuterHeader header(Endpoint from, Endpoint to, boolean udp) {
        Optional<Encapsulation> ports = udp ? Optional.of(new Encapsulation(from.port(), to.port())) : Optional.empty();
        return new OuterHeader(from.address(), to.address(), ports);
    }
}
