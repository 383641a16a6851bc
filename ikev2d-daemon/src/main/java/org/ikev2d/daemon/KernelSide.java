package org.ikev2d.daemon;

import java.util.EnumSet;
import java.util.Map;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.xfrm.XfrmEvents;
import org.ikev2d.xfrm.XfrmKernel;
import org.ikev2d.xfrm.codec.XfrmGroup;

/**
 * The open sockets to the kernel.
 *
 * @param states for the engine's thread alone
 * @param counters for the control thread alone, so that a status waits for nobody
 * @param events not told yet; what others delete is among them, what we delete is not
 */
record KernelSide(XfrmKernel states, XfrmKernel counters, XfrmEvents events) implements AutoCloseable {
    static KernelSide open() throws KernelException {
        XfrmKernel states = XfrmKernel.open();
        try {
            XfrmKernel counters = XfrmKernel.open();
            try {
                XfrmEvents events = XfrmEvents.open(
                        EnumSet.of(
                                XfrmGroup.ACQUIRE, XfrmGroup.EXPIRE, XfrmGroup.MAPPING, XfrmGroup.SA, XfrmGroup.POLICY),
                        port -> port == states.port());
                return new KernelSide(states, counters, events);
            } catch (KernelException e) {
                counters.close();
                throw e;
            }
        } catch (KernelException e) {
            states.close();
            throw e;
        }
    }

    /**
     * Leaves the kernel as it is to be while no daemon runs; over a socket of its own, for any thread.
     *
     * @param keep whether a successor is to find the states and policies: then only the flag goes, which makes CPUs wait
     *     for a daemon
     * @param tunnels by the even reqid of their pairs
     */
    static void leave(boolean keep, Map<ReqId, OnStop> tunnels) throws KernelException {
        try (XfrmKernel kernel = XfrmKernel.open()) {
            if (keep) {
                kernel.clearCpuAcquire();
            } else {
                new KernelSweep(kernel).remove(tunnels);
            }
        }
    }

    @Override
    public void close() {
        events.close();
        counters.close();
        states.close();
    }
}
