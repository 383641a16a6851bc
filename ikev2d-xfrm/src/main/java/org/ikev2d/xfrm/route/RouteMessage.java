package org.ikev2d.xfrm.route;

/** The messages of NETLINK_ROUTE that we use (linux/rtnetlink.h). */
public enum RouteMessage {
    NEWLINK(16),
    GETLINK(18),
    GETADDR(22),
    NEWROUTE(24),
    DELROUTE(25),
    GETROUTE(26),
    NEWRULE(32),
    DELRULE(33),
    GETRULE(34);

    private final int code;

    RouteMessage(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
