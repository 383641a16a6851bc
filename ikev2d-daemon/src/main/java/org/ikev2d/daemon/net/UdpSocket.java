package org.ikev2d.daemon.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.daemon.observe.Counter;

/** One bound UDP port. It is of one address family: only then does the kernel take socket policies. */
final class UdpSocket {
    /** Larger than any UDP datagram: Netty's default of 2048 cuts longer ones off without a word. */
    private static final int LARGEST = 65_535;

    /** Octets that may wait for the kernel; messages beyond them are dropped, and sent again by the engine. */
    private static final int MOST_WAITING = 4 << 20;

    private static final ChannelOption<Integer> UDP_ENCAP = new IntegerUnixChannelOption("UDP_ENCAP", 17, 100);
    private static final int ESP_IN_UDP = 2;
    private static final ChannelOption<Integer> SO_MARK = new IntegerUnixChannelOption("SO_MARK", 1, 36);
    private static final ChannelOption<Integer> MTU_DISCOVER = new IntegerUnixChannelOption("IP_MTU_DISCOVER", 0, 10);
    private static final int DO_NOT_DISCOVER = 0;
    private static final ChannelOption<ByteBuffer> IPV4_POLICY =
            new RawUnixChannelOption("IP_XFRM_POLICY", 0, 17, BypassPolicies.OCTETS);
    private static final ChannelOption<ByteBuffer> IPV6_POLICY =
            new RawUnixChannelOption("IPV6_XFRM_POLICY", 41, 35, BypassPolicies.OCTETS);

    private final Surroundings around;
    private final EpollDatagramChannel channel;
    private final Endpoint local;
    private final boolean natPort;

    private UdpSocket(Surroundings around, EpollDatagramChannel channel, Endpoint local, boolean natPort) {
        this.around = around;
        this.channel = channel;
        this.local = local;
        this.natPort = natPort;
    }

    /** Binds; nothing is read before {@link #receive}. */
    static UdpSocket bind(Surroundings around, IpAddress address, boolean natPort) throws PortUnavailableException {
        PortPlan plan = around.plan();
        Endpoint wanted = new Endpoint(address, natPort ? plan.natPort() : plan.ikePort());
        EpollDatagramChannel channel = open(wanted);
        try {
            around.group().register(channel).syncUninterruptibly();
            // Before it is bound: no datagram finds it half made.
            prepare(channel, wanted, natPort, plan);
            ChannelFuture bound = channel.bind(SocketAddresses.of(wanted)).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw SocketErrors.cannotBind(wanted, bound.cause());
            }
        } catch (PortUnavailableException e) {
            channel.close().syncUninterruptibly();
            throw e;
        }
        return new UdpSocket(
                around, channel, wanted.withPort(channel.localAddress().getPort()), natPort);
    }

    private static EpollDatagramChannel open(Endpoint wanted) throws PortUnavailableException {
        try {
            EpollDatagramChannel channel = new EpollDatagramChannel(
                    wanted.address().isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
            channel.config()
                    .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST))
                    .setWriteBufferWaterMark(new WriteBufferWaterMark(MOST_WAITING / 2, MOST_WAITING))
                    .setAutoRead(false);
            return channel;
        } catch (RuntimeException e) {
            throw SocketErrors.cannotBind(wanted, e);
        }
    }

    private static void prepare(EpollDatagramChannel channel, Endpoint local, boolean natPort, PortPlan plan)
            throws PortUnavailableException {
        boolean ipv4 = local.address().isIpv4();
        if (ipv4) {
            // Without a Don't Fragment bit, routers may cut what the path is too narrow for.
            set(channel, local, MTU_DISCOVER, DO_NOT_DISCOVER);
        }
        List<Bytes> policies = ipv4 ? plan.bypass().ipv4() : plan.bypass().ipv6();
        for (Bytes policy : policies) {
            set(channel, local, ipv4 ? IPV4_POLICY : IPV6_POLICY, ByteBuffer.wrap(policy.toArray()));
        }
        if (plan.share().isPresent()) {
            set(channel, local, SO_MARK, plan.share().get().mark());
            if (natPort) {
                share(channel, local, plan.share().get());
            }
        }
        if (natPort && (ipv4 ? plan.ipv4Esp() : plan.ipv6Esp())) {
            set(channel, local, UDP_ENCAP, ESP_IN_UDP);
        }
    }

    private static void share(EpollDatagramChannel channel, Endpoint local, PortShare share)
            throws PortUnavailableException {
        set(channel, local, UnixChannelOption.SO_REUSEPORT, true);
        // Where the kernel joins datagrams it looks at one socket of the port, perhaps this one, for whether it may.
        set(channel, local, EpollChannelOption.UDP_GRO, true);
        try {
            share.prepare(channel.fd().intValue());
        } catch (IOException e) {
            throw SocketErrors.cannotSet("SO_ATTACH_REUSEPORT_CBPF", local, e);
        }
    }

    private static <T> void set(EpollDatagramChannel channel, Endpoint local, ChannelOption<T> option, T value)
            throws PortUnavailableException {
        try {
            channel.config().setOption(option, value);
        } catch (RuntimeException e) {
            throw SocketErrors.cannotSet(option.name(), local, e);
        }
    }

    Endpoint local() {
        return local;
    }

    boolean isNatPort() {
        return natPort;
    }

    /** Once. */
    void receive(Predicate<Input.Datagram> engine) {
        channel.pipeline().addLast(new DatagramReader(local, natPort, engine, around.counters(), around.log()));
        channel.config().setAutoRead(true);
    }

    /** Does not wait. */
    void send(Endpoint remote, byte[] octets, Counter counter) {
        if (!channel.isWritable()) {
            around.counters().count(Counter.DROPPED_UNSENT);
            around.tell(Event.Level.WARN, "send-queue-full", "UDP " + local + " is not taking more to send");
            return;
        }
        InetSocketAddress to = SocketAddresses.of(remote);
        channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(octets), to))
                .addListener(sent -> sent(remote, counter, sent.cause()));
    }

    private void sent(Endpoint remote, Counter counter, Throwable refusal) {
        if (refusal == null) {
            around.counters().count(counter);
            return;
        }
        around.counters().count(Counter.SEND_ERRORS);
        around.tell(
                Event.Level.WARN,
                "send-" + SocketErrors.code(refusal),
                "sending from " + local + " to " + remote + ": " + SocketErrors.reason(refusal));
    }

    ChannelFuture close() {
        return channel.close();
    }
}
