package org.ikev2d.xfrm.socket;

/** Levels and options of setsockopt, numbered as on x86-64 and arm64. */
enum SocketOption {
    SO_RCVBUF(1, 8),
    SO_RCVTIMEO(1, 20),
    /** Beyond net.core.rmem_max; wants CAP_NET_ADMIN in the initial user namespace. */
    SO_RCVBUFFORCE(1, 33),
    NETLINK_ADD_MEMBERSHIP(270, 1),
    /** A refused request comes back without its body. */
    NETLINK_CAP_ACK(270, 10),
    /** Refusals say why. */
    NETLINK_EXT_ACK(270, 11);

    private final int level;
    private final int number;

    SocketOption(int level, int number) {
        this.level = level;
        this.number = number;
    }

    int level() {
        return level;
    }

    int number() {
        return number;
    }
}
