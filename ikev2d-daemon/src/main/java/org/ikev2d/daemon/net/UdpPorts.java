package org.ikev2d.daemon.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.daemon.observe.Counter;
import org.ikev2d.daemon.observe.Counters;

/**
 * The daemon's UDP ports: two for each local address, one for IKE alone, one that IKE shares with ESP behind NATs. What
 * is sent from an endpoint leaves with its address, because each has a socket of its own.
 *
 * <p>One thread serves them all. Neither a datagram nor a refusal to send closes a port. Any thread may send.
 */
public final class UdpPorts implements AutoCloseable {
    private final Surroundings around;
    private volatile Map<Endpoint, UdpSocket> sockets = Map.of();
    private volatile Optional<Predicate<Input.Datagram>> reader = Optional.empty();

    private UdpPorts(Surroundings around) {
        this.around = around;
    }

    /**
     * Binds all ports or none. Nothing is read before {@link #receive}; until then the kernel keeps what comes.
     *
     * @param log told of drops and refusals, each time
     */
    public static UdpPorts bind(PortPlan plan, Counters counters, Consumer<Event> log) throws PortUnavailableException {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("udp", true), EpollIoHandler.newFactory());
        UdpPorts ports = new UdpPorts(new Surroundings(group, plan, counters, log));
        try {
            ports.extend(plan.addresses());
        } catch (PortUnavailableException e) {
            ports.close();
            throw e;
        }
        return ports;
    }

    /** Binds the ports of those of {@code addresses} that have none, all or none; they are read as the others are. */
    public void extend(List<IpAddress> addresses) throws PortUnavailableException {
        Map<Endpoint, UdpSocket> all = new LinkedHashMap<>(sockets);
        List<UdpSocket> fresh = new ArrayList<>();
        try {
            for (IpAddress address : addresses) {
                if (all.keySet().stream().noneMatch(local -> local.address().equals(address))) {
                    for (boolean natPort : new boolean[] {false, true}) {
                        UdpSocket socket = UdpSocket.bind(around, address, natPort);
                        fresh.add(socket);
                        all.put(socket.local(), socket);
                    }
                }
            }
        } catch (PortUnavailableException e) {
            fresh.forEach(socket -> socket.close().awaitUninterruptibly());
            throw e;
        }
        sockets = Collections.unmodifiableMap(all);
        reader.ifPresent(engine -> fresh.forEach(socket -> socket.receive(engine)));
    }

    /** The IKE port and the NAT port of each address, in the plan's order. */
    public List<Endpoint> endpoints() {
        return List.copyOf(sockets.keySet());
    }

    /** The NAT port of each address, in the plan's order. */
    public List<Endpoint> natPorts() {
        return sockets.values().stream()
                .filter(UdpSocket::isNatPort)
                .map(UdpSocket::local)
                .toList();
    }

    /**
     * Begins to read; once.
     *
     * @param engine takes a message and does not wait; false when it has no room, and the message is dropped
     */
    public void receive(Predicate<Input.Datagram> engine) {
        reader = Optional.of(engine);
        sockets.values().forEach(socket -> socket.receive(engine));
    }

    /** Does not wait; what the kernel refuses is counted and told. */
    public void send(Output.Send message) {
        send(
                message.local(),
                message.remote(),
                Framing.frame(message.octets(), message.encapsulated()),
                Counter.DATAGRAMS_OUT);
    }

    /** Does not wait. */
    public void send(Output.Keepalive keepalive) {
        send(keepalive.local(), keepalive.remote(), Framing.keepalive(), Counter.KEEPALIVES_OUT);
    }

    private void send(Endpoint local, Endpoint remote, byte[] octets, Counter counter) {
        UdpSocket socket = sockets.get(local);
        if (socket == null) {
            around.counters().count(Counter.SEND_ERRORS);
            around.tell(Event.Level.WARN, "send-no-port", "no UDP port of ours is bound to " + local);
            return;
        }
        socket.send(remote, octets, counter);
    }

    /** Sends what was given to send before, then closes all ports and waits for it. */
    @Override
    public void close() {
        sockets.values().forEach(socket -> socket.close().awaitUninterruptibly());
        around.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
