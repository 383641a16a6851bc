package org.ikev2d.xfrm.userspace;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.socket.Affinity;
import org.ikev2d.xfrm.socket.DataSocket;
import org.ikev2d.xfrm.socket.Readiness;
import org.ikev2d.xfrm.socket.TunQueue;
import org.ikev2d.xfrm.socket.WakeUp;

/**
 * One queue's work: what the kernel sends into the device goes out as ESP, and what comes in as ESP goes back into the
 * device. Runs until it is stopped.
 */
final class Worker implements Runnable {
    /** While packets are held, their SA is looked for this often. */
    private static final int HOLDING_MILLIS = 2;

    private static final long BETWEEN_FAULTS = 10_000_000_000L;

    private static final int DEVICE = 1;
    private static final int SOCKETS = 2;

    private final Hub hub;
    private final Outbound outbound;
    private final Inbound inbound;
    private final List<DataSocket> sockets = new ArrayList<>();
    private final Readiness readiness;
    private final OptionalInt cpu;

    private long lastFault;
    private volatile boolean stopped;

    /** Version of the tables that are being read; {@link Long#MAX_VALUE} while none are. */
    private volatile long reading = Long.MAX_VALUE;

    /**
     * What one queue has of its own.
     *
     * @param cpu to stay on; empty: any
     */
    record Share(int queue, TunQueue device, boolean largeUdp, List<Lane> lanes, OptionalInt cpu) {}

    Worker(Share share, WakeUp wakeUp, Hub hub) {
        this.hub = hub;
        this.cpu = share.cpu();
        outbound = new Outbound(share.queue(), share.device(), share.lanes(), hub);
        inbound = new Inbound(share.queue(), share.device(), share.largeUdp(), hub);
        share.lanes().forEach(lane -> lane.exits().forEach(exit -> sockets.add(exit.socket())));
        readiness = Readiness.toRead(wakeUp, share.device(), sockets);
    }

    @Override
    public void run() {
        cpu.ifPresent(Affinity::pin);
        boolean busy = false;
        while (!stopped) {
            int patience = outbound.holds() ? HOLDING_MILLIS : -1;
            boolean ready = readiness.await(busy ? 0 : patience);
            busy = false;
            if (ready || outbound.holds()) {
                busy = work();
            }
        }
    }

    /** Returns whether there may be more to do at once. */
    private boolean work() {
        // Nothing is erased while it is not said which tables are read.
        reading = 0;
        Tables tables = hub.kernel().tables();
        reading = tables.version;
        try {
            boolean received = receive(tables);
            return send(tables) || received;
        } catch (RuntimeException e) {
            // What one packet did is not to keep the others up.
            tell(e);
            return false;
        } finally {
            reading = Long.MAX_VALUE;
        }
    }

    private boolean receive(Tables tables) {
        boolean any = false;
        for (int i = 0; i < sockets.size(); i++) {
            if (readiness.isReady(SOCKETS + i)) {
                inbound.drain(sockets.get(i), tables);
                any = true;
            }
        }
        return any;
    }

    private boolean send(Tables tables) {
        if (!readiness.isReady(DEVICE) && !outbound.holds()) {
            return false;
        }
        int errno = -outbound.drain(tables);
        if (errno != 0 && !Errno.EAGAIN.is(errno) && !Errno.EINTR.is(errno)) {
            stopped = true;
            hub.deviceGone(Errno.describe(errno));
        }
        return true;
    }

    private void tell(RuntimeException fault) {
        long now = System.nanoTime();
        if (lastFault == 0 || now - lastFault > BETWEEN_FAULTS) {
            lastFault = now | 1;
            hub.tell("carrying a packet", fault);
        }
    }

    /** The version of the tables that it may be reading; {@link Long#MAX_VALUE}: none. */
    long reading() {
        return reading;
    }

    /** It ends soon; whoever waits for it signals its wake-up. */
    void stop() {
        stopped = true;
    }
}
