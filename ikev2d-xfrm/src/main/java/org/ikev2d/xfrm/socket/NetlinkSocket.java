package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import org.ikev2d.xfrm.netlink.NetlinkException;
import org.ikev2d.xfrm.netlink.NetlinkPort;

/**
 * A netlink socket, for XFRM unless its maker's name says otherwise. It belongs to the network namespace of the thread
 * that opened it, whoever uses it; one thread at a time does.
 */
public final class NetlinkSocket implements NetlinkPort {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;

    private enum Family {
        NETLINK_ROUTE(0),
        NETLINK_XFRM(6),
        NETLINK_GENERIC(16);

        private final int number;

        Family(int number) {
            this.number = number;
        }
    }

    /** {@code struct sockaddr_nl}: __u16 family, 2 octets of padding, __u32 nl_pid, __u32 nl_groups. */
    private static final int ADDRESS_SIZE = 12;

    private static final int PORT_OFFSET = 4;

    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;

    private static final short POLLIN = 1;

    /** The kernel answers within sendto, unless a module that it loads keeps it waiting; then this is long enough. */
    private static final long ANSWER_MILLIS = 5000;

    private static final int EVENT_BUFFER = 8 << 20;

    private final FileDescriptor fd;
    private final int receiveFlags;
    private final ByteBuffer kernel = address(0);
    private final ByteBuffer sender = address(0);
    private final ByteBuffer senderSize = FileDescriptor.direct(4);
    private final ByteBuffer polled = FileDescriptor.direct(16);
    private final int port;

    private NetlinkSocket(FileDescriptor fd, int receiveFlags, int port) {
        this.fd = fd;
        this.receiveFlags = receiveFlags;
        this.port = port;
    }

    /** For requests to XFRM; {@link #receive} waits a bounded time. */
    public static NetlinkSocket forRequests() throws NetlinkException {
        return forRequests(Family.NETLINK_XFRM);
    }

    /** For requests about links, addresses, routes and rules; {@link #receive} waits a bounded time. */
    public static NetlinkSocket forRoutes() throws NetlinkException {
        return forRequests(Family.NETLINK_ROUTE);
    }

    /** For requests to what has registered with generic netlink; {@link #receive} waits a bounded time. */
    public static NetlinkSocket forGenericRequests() throws NetlinkException {
        return forRequests(Family.NETLINK_GENERIC);
    }

    private static NetlinkSocket forRequests(Family family) throws NetlinkException {
        FileDescriptor fd = open(family);
        try {
            fd.setTimeout(SocketOption.SO_RCVTIMEO, ANSWER_MILLIS);
            fd.trySet(SocketOption.NETLINK_EXT_ACK, 1);
            fd.trySet(SocketOption.NETLINK_CAP_ACK, 1);
            return new NetlinkSocket(fd, 0, bind(fd, family));
        } catch (NetlinkException e) {
            fd.close();
            throw e;
        }
    }

    /** For multicasts of XFRM; {@link #receive} never waits, {@link #awaitReadable} does. */
    public static NetlinkSocket forGroups(Iterable<Integer> groups) throws NetlinkException {
        FileDescriptor fd = open(Family.NETLINK_XFRM);
        try {
            if (!fd.trySet(SocketOption.SO_RCVBUFFORCE, EVENT_BUFFER)) {
                fd.trySet(SocketOption.SO_RCVBUF, EVENT_BUFFER);
            }
            int port = bind(fd, Family.NETLINK_XFRM);
            for (int group : groups) {
                fd.set(SocketOption.NETLINK_ADD_MEMBERSHIP, group);
            }
            return new NetlinkSocket(fd, MSG_DONTWAIT, port);
        } catch (NetlinkException e) {
            fd.close();
            throw e;
        }
    }

    @Override
    public int number() {
        return port;
    }

    @Override
    public void send(ByteBuffer datagram) throws NetlinkException {
        int size = datagram.remaining();
        long sent;
        do {
            sent = LibC.CALLS.sendto(fd.number(), datagram, size, 0, kernel, ADDRESS_SIZE);
        } while (sent < 0 && FileDescriptor.interrupted());
        if (sent < 0) {
            throw NetlinkException.ofCall("sendto", LibC.errno());
        }
        if (sent != size) {
            throw NetlinkException.unsettled("sendto took " + sent + " of " + size + " octets", 0);
        }
    }

    /** Only the kernel is heard. */
    @Override
    public void receive(ByteBuffer datagram) throws NetlinkException {
        while (true) {
            datagram.clear();
            senderSize.putInt(0, ADDRESS_SIZE);
            long size = LibC.CALLS.recvfrom(
                    fd.number(), datagram, datagram.capacity(), receiveFlags | MSG_TRUNC, sender, senderSize);
            if (size > datagram.capacity()) {
                throw NetlinkException.unsettled("recvfrom: a datagram of " + size + " octets was cut off", 0);
            }
            if (size >= 0 && sender.getInt(PORT_OFFSET) == 0) {
                datagram.limit((int) size);
                return;
            }
            if (size < 0 && !FileDescriptor.interrupted()) {
                throw NetlinkException.ofCall("recvfrom", LibC.errno());
            }
        }
    }

    /**
     * Waits, without end, until there is something to receive, an overrun included.
     *
     * @return false when {@code wakeUp} was signalled
     */
    public boolean awaitReadable(WakeUp wakeUp) throws NetlinkException {
        while (true) {
            pollfd(0, fd.number());
            pollfd(1, wakeUp.number());
            if (LibC.CALLS.poll(polled, 2, -1) >= 0) {
                return polled.getShort(8 + 6) == 0;
            }
            if (!FileDescriptor.interrupted()) {
                throw NetlinkException.ofCall("poll", LibC.errno());
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }

    private static FileDescriptor open(Family family) throws NetlinkException {
        return FileDescriptor.checked(
                "socket(" + family + ")", LibC.CALLS.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family.number));
    }

    private static int bind(FileDescriptor fd, Family family) throws NetlinkException {
        ByteBuffer own = address(0);
        if (LibC.CALLS.bind(fd.number(), own, ADDRESS_SIZE) < 0) {
            throw NetlinkException.ofCall("bind(" + family + ")", LibC.errno());
        }
        ByteBuffer size = FileDescriptor.direct(4).putInt(0, ADDRESS_SIZE);
        if (LibC.CALLS.getsockname(fd.number(), own, size) < 0) {
            throw NetlinkException.ofCall("getsockname(" + family + ")", LibC.errno());
        }
        return own.getInt(PORT_OFFSET);
    }

    private static ByteBuffer address(int port) {
        return FileDescriptor.direct(ADDRESS_SIZE)
                .putShort(0, (short) AF_NETLINK)
                .putInt(PORT_OFFSET, port);
    }

    /** {@code struct pollfd}: int fd, short events, short revents. */
    private void pollfd(int index, int number) {
        int at = index * 8;
        polled.putInt(at, number).putShort(at + 4, POLLIN).putShort(at + 6, (short) 0);
    }
}
