package org.ikev2d.daemon.net;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;

/** The other end: a plain UDP socket. */
final class Peer implements AutoCloseable {
    static final IpAddress IPV4 = IpAddress.of(new byte[] {127, 0, 0, 1});
    static final IpAddress IPV6 = new IpAddress(Bytes.hex("00000000000000000000000000000001"));

    private final DatagramSocket socket;

    Peer(IpAddress address) throws IOException {
        socket = new DatagramSocket(SocketAddresses.of(new Endpoint(address, 0)));
        socket.setSoTimeout(30_000);
    }

    /** What came, and from where. */
    record Received(Endpoint from, Bytes octets) {}

    Endpoint endpoint() {
        return SocketAddresses.endpoint((InetSocketAddress) socket.getLocalSocketAddress());
    }

    void send(Endpoint to, Bytes octets) throws IOException {
        socket.send(new DatagramPacket(octets.toArray(), octets.size(), SocketAddresses.of(to)));
    }

    Received receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        socket.receive(packet);
        return new Received(
                SocketAddresses.endpoint((InetSocketAddress) packet.getSocketAddress()),
                Bytes.wrap(Arrays.copyOf(packet.getData(), packet.getLength())));
    }

    @Override
    public void close() {
        socket.close();
    }
}
