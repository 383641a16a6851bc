package org.ikev2d.xfrm.route;

import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.AttributeCursor;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/** Bodies of requests about links and their addresses (linux/if_link.h, linux/if_addr.h). */
public final class LinkRequests {
    private static final int IFF_UP = 1;

    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_TXQLEN = 13;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_GSO_MAX_SIZE = 41;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IN6_ADDR_GEN_MODE_NONE = 1;

    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;

    /** IFA_F_DADFAILED, IFA_F_DEPRECATED, IFA_F_TENTATIVE. */
    private static final int UNUSABLE = 0x08 | 0x20 | 0x40;

    private static final int NO_PADDING = -1;

    private LinkRequests() {}

    /** RTM_GETLINK for the link of that name. */
    public static void byName(NetlinkWriter out, String name) {
        header(out, 0, 0);
        name(out, name);
    }

    /** The index of the link that an RTM_NEWLINK tells of. */
    public static int index(NetlinkReader body) throws DecodeException {
        body.skip(4, "ifi_type");
        return body.u32("ifi_index");
    }

    /** RTM_NEWLINK: no address of its own, a queue of that length, and packets no longer than {@code longest}. */
    public static void prepare(NetlinkWriter out, String name, int mtu, int queueLength, int longest) {
        header(out, 0, 0);
        name(out, name);
        out.attribute(IFLA_MTU, value -> value.u32(mtu));
        out.attribute(IFLA_TXQLEN, value -> value.u32(queueLength));
        out.attribute(IFLA_GSO_MAX_SIZE, value -> value.u32(longest));
    }

    /** RTM_NEWLINK: the link gets no link-local address of IPv6, with which it would greet routers. */
    public static void withoutAddress(NetlinkWriter out, String name) {
        header(out, 0, 0);
        name(out, name);
        out.attribute(
                IFLA_AF_SPEC,
                families -> families.attribute(
                        RouteRequests.AF_INET6,
                        inet6 -> inet6.attribute(IFLA_INET6_ADDR_GEN_MODE, value -> value.u8(IN6_ADDR_GEN_MODE_NONE))));
    }

    /** RTM_NEWLINK: the link goes up. */
    public static void up(NetlinkWriter out, String name) {
        header(out, IFF_UP, IFF_UP);
        name(out, name);
    }

    /** {@code struct ifinfomsg}: family, padding, __u16 type, int index, unsigned flags, unsigned change. */
    private static void header(NetlinkWriter out, int flags, int change) {
        out.zeros(8).u32(flags).u32(change);
    }

    private static void name(NetlinkWriter out, String name) {
        out.attribute(IFLA_IFNAME, value -> value.text(name, name.length() + 1));
    }

    /** RTM_GETADDR for all of them. {@code struct ifaddrmsg}: family, prefix length, flags, scope, __u32 index. */
    public static void allAddresses(NetlinkWriter out) {
        out.zeros(8);
    }

    /** The address of this machine's that an RTM_NEWADDR tells of; empty for one that cannot be used (yet, or any more). */
    public static Optional<IpAddress> address(NetlinkReader body) throws DecodeException {
        int family = body.u8("ifa_family");
        body.skip(1, "prefix length");
        boolean usable = (body.u8("ifa_flags") & UNUSABLE) == 0;
        body.skip(5, "struct ifaddrmsg");
        AttributeCursor attributes = new AttributeCursor(body, NO_PADDING);
        Optional<IpAddress> address = Optional.empty();
        for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
            int type = next.get().type();
            // On a point-to-point link IFA_ADDRESS is the other end's.
            if (type == IFA_LOCAL || (type == IFA_ADDRESS && address.isEmpty())) {
                address = RouteRequests.address(family, next.get().value());
            }
        }
        return address.filter(found -> usable);
    }
}
