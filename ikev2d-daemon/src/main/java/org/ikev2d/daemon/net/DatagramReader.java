package org.ikev2d.daemon.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.daemon.observe.Counter;
import org.ikev2d.daemon.observe.Counters;

/** Hands the IKE messages that come to one port to the engine, and counts the rest. Nothing that comes in closes it. */
final class DatagramReader extends SimpleChannelInboundHandler<DatagramPacket> {
    private final Endpoint local;
    private final boolean natPort;
    private final Predicate<Input.Datagram> engine;
    private final Counters counters;
    private final Consumer<Event> log;

    /**
     * @param local as bound
     * @param engine false when it has no room
     */
    DatagramReader(
            Endpoint local, boolean natPort, Predicate<Input.Datagram> engine, Counters counters, Consumer<Event> log) {
        this.local = local;
        this.natPort = natPort;
        this.engine = engine;
        this.counters = counters;
        this.log = log;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        ByteBuf content = packet.content();
        Framing.Kind kind = natPort ? Framing.onNatPort(content) : Framing.onIkePort(content);
        switch (kind) {
            case IKE -> pass(packet.sender(), content);
            case KEEPALIVE -> counters.count(Counter.KEEPALIVES_IN);
            case ESP -> counters.count(Counter.DROPPED_ESP);
            case EMPTY -> counters.count(Counter.DROPPED_EMPTY);
            case RUNT -> counters.count(Counter.DROPPED_RUNT);
        }
    }

    private void pass(InetSocketAddress sender, ByteBuf content) {
        if (natPort) {
            content.skipBytes(Framing.MARKER_OCTETS);
        }
        Bytes octets = Bytes.wrap(ByteBufUtil.getBytes(content));
        if (engine.test(new Input.Datagram(local, SocketAddresses.endpoint(sender), octets, natPort))) {
            counters.count(Counter.DATAGRAMS_IN);
        } else {
            counters.count(Counter.DROPPED_BUSY);
            log.accept(new Event(
                    Event.Level.WARN,
                    "",
                    "engine-busy",
                    "more messages come in than can be handled: some are dropped"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        counters.count(Counter.RECEIVE_ERRORS);
        log.accept(new Event(
                Event.Level.WARN, "", "receive-failed", "receiving on UDP " + local + ": " + cause.getMessage()));
    }
}
