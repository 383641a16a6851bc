package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code xfrm_address_t}, 16 octets in network order: an IPv6 address, or an IPv4 address and 12 octets that mean
 * nothing. Which of them, a family beside it tells.
 */
public record XfrmAddress(Bytes octets) {
    public static final int SIZE = 16;
    public static final XfrmAddress ANY = new XfrmAddress(Bytes.wrap(new byte[SIZE]));

    private static final int IPV4_SIZE = 4;

    public XfrmAddress {
        if (octets.size() != SIZE) {
            throw new IllegalArgumentException("xfrm_address_t has 16 octets, not " + octets.size());
        }
    }

    public static XfrmAddress of(IpAddress address) {
        byte[] padded = new byte[SIZE];
        address.octets().copyTo(padded, 0);
        return new XfrmAddress(Bytes.wrap(padded));
    }

    static XfrmAddress read(NetlinkReader in, String field) throws DecodeException {
        return new XfrmAddress(in.bytes(SIZE, field));
    }

    void write(NetlinkWriter out) {
        out.bytes(octets);
    }

    /** @throws DecodeException when {@code family} is neither IPv4's nor IPv6's */
    public IpAddress as(int family) throws DecodeException {
        if (family == AddressFamily.INET) {
            return new IpAddress(octets.slice(0, IPV4_SIZE));
        }
        if (family == AddressFamily.INET6) {
            return new IpAddress(octets);
        }
        throw new DecodeException(
                DecodeException.Fault.BAD_VALUE, 0, "family", family, "2 (AF_INET) or 10 (AF_INET6), not " + family);
    }
}
