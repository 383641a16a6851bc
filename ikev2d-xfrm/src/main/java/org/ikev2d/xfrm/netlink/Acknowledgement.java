package org.ikev2d.xfrm.netlink;

import java.util.Optional;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.AttributeCursor.Attribute;

/**
 * {@code NLMSG_ERROR}, or the end of a dump. With NETLINK_CAP_ACK the request is cut to its header, so that no key comes
 * back; with NETLINK_EXT_ACK attributes follow:
 *
 * <pre>
 * int             error;   0  negative errno, 0 for success
 * struct nlmsghdr msg;     4  the request's; not in NLMSG_DONE
 * NLMSGERR_ATTR_MSG        1  text
 * NLMSGERR_ATTR_OFFS       2  __u32, from the request's first octet
 * </pre>
 *
 * @param errno positive, 0 for success
 * @param text the kernel's own words, empty without
 * @param offset of the attribute in the request that the kernel points at, 0 for none
 */
public record Acknowledgement(int errno, String text, int offset) {
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int NLMSGERR_ATTR_OFFS = 2;
    private static final int NO_PADDING_TYPE = -1;

    static Acknowledgement ofError(NetlinkMessage message) throws DecodeException {
        NetlinkReader in = message.body();
        int errno = -in.u32("error");
        NetlinkHeader request = NetlinkHeader.read(in);
        if (errno != 0 && !message.header().has(NetlinkHeader.NLM_F_CAPPED)) {
            int echoed = request.length() - NetlinkHeader.SIZE;
            in.skip(echoed, "msg");
            in.align(echoed);
        }
        return withAttributes(message.header(), errno, in);
    }

    static Acknowledgement ofDone(NetlinkMessage message) throws DecodeException {
        NetlinkReader in = message.body();
        return withAttributes(message.header(), in.remaining() == 0 ? 0 : -in.u32("error"), in);
    }

    private static Acknowledgement withAttributes(NetlinkHeader header, int errno, NetlinkReader in)
            throws DecodeException {
        String text = "";
        int offset = 0;
        if (header.has(NetlinkHeader.NLM_F_ACK_TLVS)) {
            AttributeCursor attributes = new AttributeCursor(in, NO_PADDING_TYPE);
            for (Optional<Attribute> next = attributes.next(); next.isPresent(); next = attributes.next()) {
                Attribute attribute = next.get();
                if (attribute.type() == NLMSGERR_ATTR_MSG) {
                    text = attribute.value().text();
                } else if (attribute.type() == NLMSGERR_ATTR_OFFS) {
                    offset = attribute.value().u32("offset");
                }
            }
        }
        return new Acknowledgement(errno, text, offset);
    }
}
