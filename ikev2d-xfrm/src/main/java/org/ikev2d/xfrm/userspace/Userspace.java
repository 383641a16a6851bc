package org.ikev2d.xfrm.userspace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.socket.DataSocket;
import org.ikev2d.xfrm.socket.SpiQueues;
import org.ikev2d.xfrm.socket.SystemCallException;
import org.ikev2d.xfrm.socket.TunDevice;

/**
 * ESP in user space: a TUN device with several queues, a worker and its sockets for each, and the kernel's port over
 * them. {@link #open}, then {@link #begin}, then {@link #close}; in the network namespace of the thread that opens.
 */
public final class Userspace implements AutoCloseable {
    private static final String DEVICE = "ikev2d%d";

    /** Each route says how long packets may be; the device takes all. */
    private static final int DEVICE_MTU = 65_535;

    private static final int QUEUE_LENGTH = 1000;

    /** What a large packet is cut into fits one message through a socket with what ESP adds. */
    private static final int LONGEST_PACKET = 60_000;

    private static final IpAddress LOOPBACK = IpAddress.of((byte) 127, (byte) 0, (byte) 0, (byte) 1);

    private final TunDevice device;
    private final Routing routing;
    private final Traits traits;
    private final Units units;
    private final Wishes wishes;
    private final Faults faults;
    private final Events events = new Events();
    private Optional<Running> running = Optional.empty();

    /**
     * What is asked for.
     *
     * @param queues empty: as many as there are CPUs
     * @param pinned whether each worker stays on the CPU of its queue
     */
    public record Wishes(OptionalInt queues, boolean pinned) {}

    private record Running(Hub hub, Crew crew, Keeper keeper) {}

    private Userspace(TunDevice device, Routing routing, Traits traits, Wishes wishes, Faults faults) {
        this.device = device;
        this.routing = routing;
        this.traits = traits;
        this.units = new Units(traits.units().online().stream().toList());
        this.wishes = wishes;
        this.faults = faults;
    }

    /** Why there is no ESP in user space here; empty: there is. Leaves nothing behind. */
    public static Optional<String> obstacle() {
        return TunDevice.obstacle();
    }

    /** Makes the device, and removes what an earlier run left. */
    public static Userspace open(Wishes wishes, Cpus cpus, Faults faults) throws IOException, KernelException {
        int wanted = wishes.queues().orElse(cpus.online().size());
        int count = Math.min(Math.max(wanted, 1), Math.min(TunDevice.MOST_QUEUES, SpiQueues.MOST));
        TunDevice device = TunDevice.open(DEVICE, count);
        try {
            Optional<String> steering = steer(device, cpus, count);
            Traits traits = new Traits(
                    device.name(),
                    count,
                    steering.isEmpty() ? cpus : Cpus.firstOnes(count),
                    steering,
                    udpOnly(),
                    device.offload() == TunDevice.Offload.TCP_AND_UDP);
            Routing routing = Routing.open(new Routing.Link(device.name(), DEVICE_MTU, QUEUE_LENGTH, LONGEST_PACKET));
            return new Userspace(device, routing, traits, wishes, faults);
        } catch (KernelException | RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** Why not by CPU. */
    private static Optional<String> steer(TunDevice device, Cpus cpus, int queues) {
        if (queues != cpus.online().size()) {
            return Optional.of(
                    "there are " + cpus.online().size() + " CPUs and " + queues + (queues == 1 ? " queue" : " queues"));
        }
        try {
            device.steerByCpu(cpus.online().stream().map(CpuId::number).toList());
            return Optional.empty();
        } catch (SystemCallException e) {
            return Optional.of(e.getMessage() + (e.is(Errno.EPERM) ? "; it needs CAP_BPF" : ""));
        }
    }

    private static Optional<String> udpOnly() {
        try {
            DataSocket.esp(LOOPBACK, Routing.MARK, new SpiQueues(1).queue(0)).close();
            return Optional.empty();
        } catch (SystemCallException e) {
            return Optional.of(e.getMessage() + (e.is(Errno.EPERM) ? "; it needs CAP_NET_RAW" : ""));
        }
    }

    public Traits traits() {
        return traits;
    }

    /** What this process's own datagrams bear, so that they do not go into the device (SO_MARK). */
    public static int mark() {
        return Routing.MARK;
    }

    /**
     * Prepares a socket for a NAT port that is to be shared: IKE is to come to it, ESP to the workers.
     *
     * @param descriptor of a socket with SO_REUSEPORT that is not bound yet; it stays its owner's
     */
    public void sharePort(int descriptor) throws IOException {
        new SpiQueues(traits.queues()).shareUdpPort(descriptor);
    }

    /**
     * Begins to work. Once.
     *
     * @param natPorts that are shared, all bound
     */
    public void begin(List<Endpoint> natPorts) throws IOException {
        Paths paths = new Paths();
        UserspaceKernel kernel = new UserspaceKernel(
                units, new StateFactory(natPorts, traits, units, paths), new RouteGuide(routing, paths), events);
        Hub hub = new Hub(kernel, events, units, faults);
        Crew crew = Crew.hire(device, natPorts, traits, pins(), hub);
        Keeper keeper = new Keeper(hub, paths, crew.workers(), faults);
        running = Optional.of(new Running(hub, crew, keeper));
        crew.start();
        keeper.start();
    }

    private List<OptionalInt> pins() {
        List<OptionalInt> pins = new ArrayList<>();
        for (CpuId unit : units.inOrder()) {
            boolean pinned = wishes.pinned() && traits.flowSteering().isEmpty();
            pins.add(pinned ? OptionalInt.of(unit.number()) : OptionalInt.empty());
        }
        return pins;
    }

    /** States and policies; any thread. */
    public Kernel kernel() {
        return running.orElseThrow().hub().kernel();
    }

    /**
     * Tells what happened, and from now on what happens. Once.
     *
     * @param listener does not wait; any thread calls it
     */
    public void listen(Consumer<KernelEvent> listener) {
        events.listen(listener);
    }

    /** Packets that went no further, by reason. */
    public Map<String, Long> dropped() {
        return running.map(now -> now.hub().counts().snapshot()).orElse(Map.of());
    }

    /** Ends the workers, erases the keys, takes routes and device away. */
    @Override
    public void close() {
        running.ifPresent(now -> {
            now.keeper().close();
            now.crew().close();
            now.hub().kernel().close();
        });
        routing.close();
        device.close();
    }
}
