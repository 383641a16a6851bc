package org.ikev2d.xfrm.route;

import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/** RTM_GETROUTE for one packet's way, and its answer (linux/rtnetlink.h). */
public final class RouteQuery {
    private static final int RTN_LOCAL = 2;

    private static final int RTA_DST = 1;
    private static final int RTA_SRC = 2;
    private static final int RTA_OIF = 4;
    private static final int RTA_METRICS = 8;
    private static final int RTAX_MTU = 2;
    private static final int NO_PADDING = -1;

    private RouteQuery() {}

    /**
     * A packet's way.
     *
     * @param device the number of the interface that it leaves through
     * @param mtu of the route, where that differs from the interface's
     * @param local it does not leave: the address is this machine's own
     */
    public record Way(int device, OptionalInt mtu, boolean local) {}

    /** @param source that the packet has already; empty: none yet */
    public static void write(NetlinkWriter out, IpAddress destination, Optional<IpAddress> source) {
        // struct rtmsg: family, dst_len, src_len, tos, table, protocol, scope, type, unsigned flags
        out.u8(RouteRequests.family(destination)).u8(destination.bits());
        out.u8(source.map(IpAddress::bits).orElse(0)).zeros(9);
        out.attribute(RTA_DST, value -> value.bytes(destination.octets()));
        source.ifPresent(address -> out.attribute(RTA_SRC, value -> value.bytes(address.octets())));
    }

    public static Way read(NetlinkReader body) throws DecodeException {
        body.skip(7, "struct rtmsg");
        boolean local = body.u8("rtm_type") == RTN_LOCAL;
        body.skip(4, "rtm_flags");
        int device = 0;
        OptionalInt mtu = OptionalInt.empty();
        AttributeCursor attributes = new AttributeCursor(body, NO_PADDING);
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            Attribute attribute = next.get();
            if (attribute.type() == RTA_OIF) {
                device = attribute.value().u32("RTA_OIF");
            } else if (attribute.type() == RTA_METRICS) {
                mtu = mtu(attribute.value());
            }
        }
        return new Way(device, mtu, local);
    }

    private static OptionalInt mtu(NetlinkReader metrics) throws DecodeException {
        OptionalInt mtu = OptionalInt.empty();
        AttributeCursor attributes = new AttributeCursor(metrics, NO_PADDING);
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            if (next.get().type() == RTAX_MTU) {
                mtu = OptionalInt.of(next.get().value().u32("RTAX_MTU"));
            }
        }
        return mtu;
    }
}
