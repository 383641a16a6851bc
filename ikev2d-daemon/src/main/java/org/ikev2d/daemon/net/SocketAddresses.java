package org.ikev2d.daemon.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;

/** Between the core's addresses and the JDK's; no names are looked up. */
final class SocketAddresses {
    private SocketAddresses() {}

    static InetSocketAddress of(Endpoint endpoint) {
        return new InetSocketAddress(of(endpoint.address()), endpoint.port());
    }

    static Endpoint endpoint(InetSocketAddress address) {
        return new Endpoint(new IpAddress(Bytes.wrap(address.getAddress().getAddress())), address.getPort());
    }

    private static InetAddress of(IpAddress address) {
        byte[] octets = address.octets().toArray();
        try {
            // Not InetAddress.getByAddress: it makes IPv4 of an IPv4-mapped address, which an IPv6 socket refuses.
            return address.isIpv4() ? InetAddress.getByAddress(octets) : Inet6Address.getByAddress(null, octets, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 octets", e);
        }
    }
}
