package org.ikev2d.xfrm.netlink;

import org.ikev2d.core.bytes.DecodeException;

/**
 * {@code struct nlmsghdr} (linux/netlink.h), in host order:
 *
 * <pre>
 * __u32 nlmsg_len;    0  header included, padding behind the message not
 * __u16 nlmsg_type;   4
 * __u16 nlmsg_flags;  6
 * __u32 nlmsg_seq;    8
 * __u32 nlmsg_pid;   12  port of the asking socket, repeated in the multicasts that the request causes
 * </pre>
 */
public record NetlinkHeader(int length, int type, int flags, int sequence, int port) {
    public static final int SIZE = 16;

    public static final int NLMSG_NOOP = 1;
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;
    public static final int NLMSG_OVERRUN = 4;

    public static final int NLM_F_REQUEST = 0x01;
    public static final int NLM_F_ACK = 0x04;
    public static final int NLM_F_DUMP_INTR = 0x10;
    /** In requests: NLM_F_ROOT and NLM_F_MATCH. */
    public static final int NLM_F_DUMP = 0x300;
    /** In requests to make something: take the place of what is there, and make it where nothing is. */
    public static final int NLM_F_REPLACE = 0x100;

    public static final int NLM_F_CREATE = 0x400;
    /** In requests to make something: not where it is there already. */
    public static final int NLM_F_EXCL = 0x200;
    /** In NLMSG_ERROR: the request's body is left out. */
    public static final int NLM_F_CAPPED = 0x100;
    /** In NLMSG_ERROR and NLMSG_DONE: attributes of the extended acknowledgement follow. */
    public static final int NLM_F_ACK_TLVS = 0x200;

    static NetlinkHeader read(NetlinkReader in) throws DecodeException {
        return new NetlinkHeader(
                in.u32("nlmsg_len"),
                in.u16("nlmsg_type"),
                in.u16("nlmsg_flags"),
                in.u32("nlmsg_seq"),
                in.u32("nlmsg_pid"));
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
