package org.ikev2d.core.net;

/**
 * One end of a UDP conversation.
 *
 * @param port 0 to 65535
 */
public record Endpoint(IpAddress address, int port) {
    public Endpoint {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    public Endpoint withPort(int other) {
        return new Endpoint(address, other);
    }

    @Override
    public String toString() {
        return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
