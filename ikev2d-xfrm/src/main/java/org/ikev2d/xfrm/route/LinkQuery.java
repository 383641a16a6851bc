package org.ikev2d.xfrm.route;

import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/** RTM_GETLINK for the interface of a number, and its answer (linux/rtnetlink.h, linux/if_link.h). */
public final class LinkQuery {
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int NO_PADDING = -1;

    private LinkQuery() {}

    /** An interface: its number, its name, and the longest packet that it sends. */
    public record Link(int index, String name, int mtu) {}

    public static void write(NetlinkWriter out, int index) {
        // struct ifinfomsg: family, padding, __u16 type, int index, unsigned flags, unsigned change
        out.zeros(4).u32(index).zeros(8);
    }

    public static Link read(NetlinkReader body) throws DecodeException {
        body.skip(4, "struct ifinfomsg");
        int index = body.u32("ifi_index");
        body.skip(8, "struct ifinfomsg");
        String name = "";
        int mtu = 0;
        AttributeCursor attributes = new AttributeCursor(body, NO_PADDING);
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            Attribute attribute = next.get();
            if (attribute.type() == IFLA_IFNAME) {
                name = attribute.value().text();
            } else if (attribute.type() == IFLA_MTU) {
                mtu = attribute.value().u32("IFLA_MTU");
            }
        }
        return new Link(index, name, mtu);
    }
}
