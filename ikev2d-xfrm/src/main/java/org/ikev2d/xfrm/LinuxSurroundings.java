package org.ikev2d.xfrm;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.generic.NetdevRequests;
import org.ikev2d.xfrm.generic.NetdevRequests.Napi;
import org.ikev2d.xfrm.netlink.Conversation;
import org.ikev2d.xfrm.netlink.NetlinkException;
import org.ikev2d.xfrm.route.LinkQuery;
import org.ikev2d.xfrm.route.LinkRequests;
import org.ikev2d.xfrm.route.RouteMessage;
import org.ikev2d.xfrm.route.RouteQuery;
import org.ikev2d.xfrm.socket.NetlinkSocket;
import org.ikev2d.xfrm.steering.Surroundings;
import org.ikev2d.xfrm.system.Interrupts;
import org.ikev2d.xfrm.system.NetDevices;

/**
 * Ways, devices and queues of this machine, in the network namespace of the thread that opens it. One thread at a time.
 */
public final class LinuxSurroundings implements Surroundings, AutoCloseable {
    private final Conversation routes;
    private final Conversation generic;
    private final NetDevices devices = new NetDevices(Path.of("/sys"));
    private final Interrupts interrupts = new Interrupts(Path.of("/proc"), devices);

    private LinuxSurroundings(Conversation routes, Conversation generic) {
        this.routes = routes;
        this.generic = generic;
    }

    public static LinuxSurroundings open() throws KernelException {
        try {
            Conversation routes = new Conversation(NetlinkSocket.forRoutes());
            try {
                return new LinuxSurroundings(routes, new Conversation(NetlinkSocket.forGenericRequests()));
            } catch (NetlinkException e) {
                routes.close();
                throw e;
            }
        } catch (NetlinkException e) {
            throw new KernelException("opening netlink sockets for routes and devices", e.errno(), e.getMessage());
        }
    }

    /**
     * The way of packets from {@code local} to {@code peer}; when the machine has no such address, that of packets without
     * one.
     *
     * @throws KernelException when there is none
     */
    public OuterWay way(IpAddress local, IpAddress peer) throws KernelException {
        try {
            return way(peer, Optional.of(local));
        } catch (NetlinkException e) {
            try {
                return way(peer, Optional.empty());
            } catch (NetlinkException none) {
                throw new KernelException("route to " + peer, none.errno(), none.getMessage());
            }
        }
    }

    private OuterWay way(IpAddress peer, Optional<IpAddress> local) throws NetlinkException {
        RouteQuery.Way way = routes.query(
                RouteMessage.GETROUTE.code(),
                out -> RouteQuery.write(out, peer, local),
                message -> RouteQuery.read(message.body()));
        LinkQuery.Link link = routes.query(
                RouteMessage.GETLINK.code(),
                out -> LinkQuery.write(out, way.device()),
                message -> LinkQuery.read(message.body()));
        return new OuterWay(link.name(), way.mtu().orElse(link.mtu()), way.local());
    }

    @Override
    public SortedSet<String> receivers(IpAddress local, IpAddress peer) {
        try {
            return devices.lowest(way(local, peer).device());
        } catch (KernelException e) {
            return new TreeSet<>();
        }
    }

    /** The devices that {@code device} is made of; itself where it is made of none. */
    public SortedSet<String> lowest(String device) {
        return devices.lowest(device);
    }

    @Override
    public Map<CpuId, Integer> queues(String device) {
        return interrupts.queueOfCpu(queueInterrupts(device));
    }

    /** The interrupts of a device's receive queues, by queue: the kernel's own word where its driver gives it. */
    public SortedMap<Integer, Integer> queueInterrupts(String device) {
        try {
            int index = routes.query(
                    RouteMessage.GETLINK.code(),
                    out -> LinkRequests.byName(out, device),
                    message -> LinkRequests.index(message.body()));
            SortedMap<Integer, Integer> told = toldInterrupts(index);
            return told.isEmpty() ? interrupts.ofQueues(device) : told;
        } catch (NetlinkException e) {
            return interrupts.ofQueues(device);
        }
    }

    private SortedMap<Integer, Integer> toldInterrupts(int device) throws NetlinkException {
        int family = generic.query(
                NetdevRequests.GENL_ID_CTRL,
                NetdevRequests::family,
                message -> NetdevRequests.readFamily(message.body()));
        Map<Integer, Integer> irqs = generic
                .dump(
                        family,
                        out -> NetdevRequests.napis(out, device),
                        message -> NetdevRequests.readNapi(message.body()))
                .stream()
                .collect(Collectors.toMap(Napi::id, Napi::irq, (first, second) -> first));
        SortedMap<Integer, Integer> queues = new TreeMap<>();
        for (NetdevRequests.Queue queue : generic.dump(
                family,
                out -> NetdevRequests.queues(out, device),
                message -> NetdevRequests.readQueue(message.body()))) {
            if (irqs.containsKey(queue.napi())) {
                queues.put(queue.id(), irqs.get(queue.napi()));
            }
        }
        return queues;
    }

    /** The CPUs that an interrupt goes to; empty where nobody knows. */
    public SortedSet<CpuId> cpus(int interrupt) {
        return interrupts.cpus(interrupt);
    }

    @Override
    public void close() {
        generic.close();
        routes.close();
    }
}
