package org.ikev2d.xfrm.route;

import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.net.IpPrefix;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/** Bodies of requests about routes (linux/rtnetlink.h). */
public final class RouteRequests {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int RT_TABLE_COMPAT = 252;
    private static final int RTPROT_STATIC = 4;
    private static final int RT_SCOPE_UNIVERSE = 0;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RTN_UNICAST = 1;

    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_TABLE = 15;
    private static final int RTAX_MTU = 2;

    private RouteRequests() {}

    /**
     * RTM_NEWROUTE: through a device, without a next hop.
     *
     * @param source what packets get that have none yet
     */
    public static void device(
            NetlinkWriter out, int table, IpPrefix to, int device, int mtu, Optional<IpAddress> source) {
        name(out, table, to, device);
        source.ifPresent(address -> out.attribute(RTA_PREFSRC, value -> value.bytes(address.octets())));
        out.attribute(RTA_METRICS, metrics -> metrics.attribute(RTAX_MTU, value -> value.u32(mtu)));
    }

    /** RTM_DELROUTE of such a one. */
    public static void name(NetlinkWriter out, int table, IpPrefix to, int device) {
        // struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, unsigned flags
        out.u8(family(to.first())).u8(to.length()).zeros(2).u8(RT_TABLE_COMPAT).u8(RTPROT_STATIC);
        out.u8(to.first().isIpv4() ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE)
                .u8(RTN_UNICAST)
                .u32(0);
        out.attribute(RTA_TABLE, value -> value.u32(table));
        out.attribute(RTA_DST, value -> value.bytes(to.first().octets()));
        out.attribute(RTA_OIF, value -> value.u32(device));
    }

    static int family(IpAddress address) {
        return address.isIpv4() ? AF_INET : AF_INET6;
    }

    /** Empty for a family that is neither. */
    static Optional<IpAddress> address(int family, NetlinkReader value) throws DecodeException {
        return switch (family) {
            case AF_INET -> Optional.of(new IpAddress(value.bytes(4, "address")));
            case AF_INET6 -> Optional.of(new IpAddress(value.bytes(16, "address")));
            default -> Optional.empty();
        };
    }
}
