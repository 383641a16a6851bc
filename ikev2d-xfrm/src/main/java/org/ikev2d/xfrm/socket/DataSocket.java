package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;

/**
 * A socket for ESP: in UDP, on a port that it shares with others (SO_REUSEPORT), or plain. Never waits. One thread sends
 * over it, one receives.
 */
public final class DataSocket implements AutoCloseable {
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int IPPROTO_UDP = 17;
    private static final int IPPROTO_ESP = 50;

    private static final int PMTUDISC_DONT = 0;
    private static final int PMTUDISC_DO = 2;

    private static final int BUFFER = 16 << 20;

    private final FileDescriptor fd;
    private final boolean ipv4;
    private final boolean raw;
    private boolean segmentation;
    private boolean dontFragment = true;

    private DataSocket(FileDescriptor fd, boolean ipv4, boolean raw) {
        this.fd = fd;
        this.ipv4 = ipv4;
        this.raw = raw;
    }

    /**
     * For ESP in UDP, bound to {@code local}.
     *
     * @param mark what its packets bear, for routing rules
     */
    public static DataSocket udp(Endpoint local, int mark) throws SystemCallException {
        DataSocket socket = open(local.address(), SOCK_DGRAM, IPPROTO_UDP, mark);
        try {
            socket.must(SocketOption.SO_REUSEPORT, 1);
            socket.segmentation = socket.fd.trySet(SocketOption.UDP_SEGMENT, 0);
            socket.fd.trySet(SocketOption.UDP_GRO, 1);
            socket.bind(local);
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * For plain ESP to {@code local}; wants CAP_NET_RAW.
     *
     * @param mark what its packets bear, for routing rules
     * @param queue that whose packets it takes; it sees a share of all
     */
    public static DataSocket esp(IpAddress local, int mark, SpiQueues.Queue queue) throws SystemCallException {
        DataSocket socket = open(local, SOCK_RAW, IPPROTO_ESP, mark);
        try {
            // Before it is bound: no packet of another queue's gets in.
            queue.filterPlainEsp(socket.fd, local.isIpv4());
            socket.bind(new Endpoint(local, 0));
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * The longest IP packet that goes in one piece from {@code local} to {@code remote}, as far as the kernel knows; empty
     * where it knows no way there.
     *
     * @param mark what our packets bear
     */
    public static OptionalInt pathMtu(IpAddress local, IpAddress remote, int mark) {
        try (DataSocket probe = open(local, SOCK_DGRAM, IPPROTO_UDP, mark)) {
            probe.bind(new Endpoint(local, 0));
            SocketAddress peer = SocketAddress.of(new Endpoint(remote, 9));
            int connected = LibC.CALLS.connect(probe.fd.number(), peer.direct(), peer.size());
            SocketOption option = probe.ipv4 ? SocketOption.IP_MTU : SocketOption.IPV6_MTU;
            ByteBuffer value = FileDescriptor.direct(4);
            ByteBuffer size = FileDescriptor.direct(4).putInt(0, 4);
            boolean known = connected == 0
                    && LibC.CALLS.getsockopt(probe.fd.number(), option.level(), option.number(), value, size) == 0;
            return known ? OptionalInt.of(value.getInt(0)) : OptionalInt.empty();
        } catch (SystemCallException e) {
            return OptionalInt.empty();
        }
    }

    private static DataSocket open(IpAddress local, int type, int protocol, int mark) throws SystemCallException {
        int family = local.isIpv4() ? SocketAddress.AF_INET : SocketAddress.AF_INET6;
        DataSocket socket = new DataSocket(
                FileDescriptor.opened(
                        type == SOCK_RAW ? "socket(ESP)" : "socket(UDP)",
                        LibC.CALLS.socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol)),
                local.isIpv4(),
                type == SOCK_RAW);
        try {
            if (!socket.ipv4 && !socket.raw) {
                socket.must(SocketOption.IPV6_V6ONLY, 1);
            }
            socket.must(SocketOption.SO_MARK, mark);
            socket.enlarge(SocketOption.SO_RCVBUFFORCE, SocketOption.SO_RCVBUF);
            socket.enlarge(SocketOption.SO_SNDBUFFORCE, SocketOption.SO_SNDBUF);
            socket.must(socket.ipv4 ? SocketOption.IP_RECVTOS : SocketOption.IPV6_RECVTCLASS, 1);
            socket.setDontFragment(true);
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    private void enlarge(SocketOption force, SocketOption within) {
        if (!fd.trySet(force, BUFFER)) {
            fd.trySet(within, BUFFER);
        }
    }

    private void must(SocketOption option, int value) throws SystemCallException {
        if (!fd.trySet(option, value)) {
            throw SystemCallException.ofLast("setsockopt(" + option + ")");
        }
    }

    private void bind(Endpoint local) throws SystemCallException {
        SocketAddress address = SocketAddress.of(local);
        SystemCallException.check(
                "bind(" + local + ")", LibC.CALLS.bind(fd.number(), address.direct(), address.size()));
    }

    /** Whether what is sent next may not be cut on its way; then what is too long for it comes back as EMSGSIZE. */
    void dontFragment(boolean wanted) {
        if (wanted != dontFragment) {
            setDontFragment(wanted);
        }
    }

    private void setDontFragment(boolean wanted) {
        dontFragment = wanted;
        if (ipv4) {
            fd.trySet(SocketOption.IP_MTU_DISCOVER, wanted ? PMTUDISC_DO : PMTUDISC_DONT);
        } else {
            fd.trySet(SocketOption.IPV6_DONTFRAG, wanted ? 1 : 0);
        }
    }

    boolean segments() {
        return segmentation;
    }

    /** The device that it sends through cannot. */
    void withoutSegmentation() {
        segmentation = false;
    }

    public boolean isIpv4() {
        return ipv4;
    }

    /** Whether the kernel delivers the IP header too: raw sockets of IPv4. */
    public boolean receivesIpHeader() {
        return raw && ipv4;
    }

    FileDescriptor descriptor() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }
}
