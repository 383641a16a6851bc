package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;

/**
 * An endpoint as the socket calls carry it.
 *
 * <pre>
 * struct sockaddr_in   __u16 family;  0   __be16 port;  2   __be32 address;   4                              size 16
 * struct sockaddr_in6  __u16 family;  0   __be16 port;  2   __be32 flowinfo;  4   16 octets;  8   scope; 24  size 28
 * </pre>
 */
public final class SocketAddress {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int LARGEST = 28;

    private static final int SIZE_4 = 16;
    private static final int AT_4 = 4;
    private static final int AT_6 = 8;

    private final byte[] octets;

    private SocketAddress(byte[] octets) {
        this.octets = octets;
    }

    /** @param endpoint with port 0 for raw sockets */
    public static SocketAddress of(Endpoint endpoint) {
        boolean ipv4 = endpoint.address().isIpv4();
        ByteBuffer all = ByteBuffer.allocate(ipv4 ? SIZE_4 : LARGEST).order(ByteOrder.nativeOrder());
        all.putShort(0, (short) (ipv4 ? AF_INET : AF_INET6));
        all.put(2, (byte) (endpoint.port() >>> 8)).put(3, (byte) endpoint.port());
        all.put(ipv4 ? AT_4 : AT_6, endpoint.address().octets().toArray());
        return new SocketAddress(all.array());
    }

    int family() {
        return octets.length == SIZE_4 ? AF_INET : AF_INET6;
    }

    int size() {
        return octets.length;
    }

    void put(ByteBuffer into, int at) {
        into.put(at, octets);
    }

    ByteBuffer direct() {
        return FileDescriptor.direct(octets.length).put(octets).rewind();
    }

    /** Whether the same address is at {@code at}. */
    boolean isAt(ByteBuffer in, int at) {
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] != in.get(at + i)) {
                return false;
            }
        }
        return true;
    }

    static Endpoint read(ByteBuffer in, int at) {
        boolean ipv4 = in.getShort(at) == AF_INET;
        byte[] address = new byte[ipv4 ? 4 : 16];
        in.get(at + (ipv4 ? AT_4 : AT_6), address);
        int port = (in.get(at + 2) & 0xff) << 8 | (in.get(at + 3) & 0xff);
        return new Endpoint(new IpAddress(Bytes.wrap(address)), port);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SocketAddress that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }
}
