package org.ikev2d.xfrm.userspace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.xfrm.netlink.NetlinkException;
import org.ikev2d.xfrm.socket.SpiQueues;
import org.ikev2d.xfrm.socket.TunDevice;
import org.ikev2d.xfrm.socket.WakeUp;

/** The workers, one for each queue, with their sockets and their threads. */
final class Crew implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5000;

    private final WakeUp wakeUp;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Crew(WakeUp wakeUp) {
        this.wakeUp = wakeUp;
    }

    /**
     * Opens the sockets.
     *
     * @param pins the CPU that each worker stays on, or none
     */
    static Crew hire(TunDevice device, List<Endpoint> natPorts, Traits traits, List<OptionalInt> pins, Hub hub)
            throws IOException {
        Crew crew;
        try {
            crew = new Crew(WakeUp.open());
        } catch (NetlinkException e) {
            throw new IOException(e.getMessage(), e);
        }
        try {
            crew.open(device, natPorts, traits, pins, hub);
            return crew;
        } catch (IOException | RuntimeException e) {
            crew.close();
            throw e;
        }
    }

    private void open(TunDevice device, List<Endpoint> natPorts, Traits traits, List<OptionalInt> pins, Hub hub)
            throws IOException {
        SpiQueues spis = new SpiQueues(traits.queues());
        List<List<Lane>> byQueue = new ArrayList<>();
        for (int queue = 0; queue < traits.queues(); queue++) {
            byQueue.add(new ArrayList<>());
        }
        for (Endpoint port : natPorts) {
            // In this order: the place in the port's group says which queue a socket is for.
            for (int queue = 0; queue < traits.queues(); queue++) {
                Lane lane = Lane.open(port, spis.queue(queue), traits.udpOnly().isEmpty());
                lanes.add(lane);
                byQueue.get(queue).add(lane);
            }
        }
        for (int queue = 0; queue < traits.queues(); queue++) {
            Worker worker = new Worker(
                    new Worker.Share(
                            queue, device.queues().get(queue), traits.largeUdp(), byQueue.get(queue), pins.get(queue)),
                    wakeUp,
                    hub);
            workers.add(worker);
            Thread thread = new Thread(worker, "esp-" + queue);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    List<Worker> workers() {
        return List.copyOf(workers);
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** When it returns no worker runs; one that hangs keeps its sockets. */
    @Override
    public void close() {
        workers.forEach(Worker::stop);
        wakeUp.signal();
        boolean all = true;
        for (Thread thread : threads) {
            try {
                thread.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            all &= !thread.isAlive();
        }
        if (all) {
            lanes.forEach(Lane::close);
            wakeUp.close();
        }
    }
}
