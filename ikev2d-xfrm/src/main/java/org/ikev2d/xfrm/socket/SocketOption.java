package org.ikev2d.xfrm.socket;

/** Levels and options of setsockopt, numbered as on x86-64 and arm64. */
enum SocketOption {
    SO_SNDBUF(1, 7),
    SO_RCVBUF(1, 8),
    SO_REUSEPORT(1, 15),
    SO_RCVTIMEO(1, 20),
    /** Beyond net.core.rmem_max; wants CAP_NET_ADMIN in the initial user namespace. */
    SO_RCVBUFFORCE(1, 33),
    /** Likewise, of net.core.wmem_max. */
    SO_SNDBUFFORCE(1, 32),
    SO_ATTACH_FILTER(1, 26),
    /** What packets go out with, for routing rules; wants CAP_NET_ADMIN. */
    SO_MARK(1, 36),
    /** Which socket of a group takes a datagram. */
    SO_ATTACH_REUSEPORT_CBPF(1, 51),
    IP_TOS(0, 1),
    IP_MTU_DISCOVER(0, 10),
    IP_RECVTOS(0, 13),
    IP_MTU(0, 14),
    IPV6_MTU_DISCOVER(41, 23),
    IPV6_MTU(41, 24),
    IPV6_V6ONLY(41, 26),
    IPV6_DONTFRAG(41, 62),
    IPV6_RECVTCLASS(41, 66),
    IPV6_TCLASS(41, 67),
    /** One message as many datagrams of one size (Linux 4.18). */
    UDP_SEGMENT(17, 103),
    /** Many datagrams of one size as one message (Linux 5.0). */
    UDP_GRO(17, 104),
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
