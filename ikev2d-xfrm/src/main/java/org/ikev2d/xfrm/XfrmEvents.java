package org.ikev2d.xfrm;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.xfrm.codec.EventDecoder;
import org.ikev2d.xfrm.codec.XfrmGroup;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.netlink.NetlinkException;
import org.ikev2d.xfrm.netlink.NetlinkMessage;
import org.ikev2d.xfrm.socket.NetlinkSocket;
import org.ikev2d.xfrm.socket.WakeUp;

/**
 * What the kernel tells unasked, in the network namespace of the thread that opens it. From {@link #open} on the kernel
 * collects events; a thread of its own, begun by {@link #start}, tells them.
 */
public final class XfrmEvents implements AutoCloseable {
    /** What the engine lives on. */
    public static final Set<XfrmGroup> USUAL = Set.of(XfrmGroup.ACQUIRE, XfrmGroup.EXPIRE, XfrmGroup.MAPPING);

    private static final int DATAGRAM_SIZE = 65536;

    private final NetlinkSocket socket;
    private final WakeUp wakeUp;
    private final IntPredicate ownPort;
    private Optional<Thread> thread = Optional.empty();
    private volatile boolean closed;
    private boolean released;

    private XfrmEvents(NetlinkSocket socket, WakeUp wakeUp, IntPredicate ownPort) {
        this.socket = socket;
        this.wakeUp = wakeUp;
        this.ownPort = ownPort;
    }

    public static XfrmEvents open() throws KernelException {
        return open(USUAL, port -> false);
    }

    /**
     * @param groups with SA and POLICY among them, what others delete or flush is told as well: a state of ours as
     *     {@link KernelEvent.Expire}, all else as {@link KernelEvent.Overrun}
     * @param ownPort tells the {@link XfrmKernel#port} of instances of ours, whose own deletions are not told; called
     *     on the thread
     */
    public static XfrmEvents open(Set<XfrmGroup> groups, IntPredicate ownPort) throws KernelException {
        try {
            WakeUp wakeUp = WakeUp.open();
            try {
                NetlinkSocket socket = NetlinkSocket.forGroups(
                        groups.stream().map(XfrmGroup::number).sorted().toList());
                return new XfrmEvents(socket, wakeUp, ownPort);
            } catch (NetlinkException e) {
                wakeUp.close();
                throw e;
            }
        } catch (NetlinkException e) {
            throw Refusals.of("listening to NETLINK_XFRM " + groups, e);
        }
    }

    /**
     * Begins to tell, once. {@code listener} is called on a daemon thread, {@code xfrm-events}; what it throws goes to
     * the thread's uncaught exception handler, as does a socket that fails for good, after a last
     * {@link KernelEvent.Overrun}.
     */
    public synchronized void start(Consumer<KernelEvent> listener) {
        if (closed || thread.isPresent()) {
            throw new IllegalStateException(closed ? "closed" : "started already");
        }
        Thread teller = new Thread(() -> tell(listener), "xfrm-events");
        teller.setDaemon(true);
        thread = Optional.of(teller);
        teller.start();
    }

    /** When it returns the thread has ended; called by the listener, the thread ends when that returns. */
    @Override
    public void close() {
        Optional<Thread> teller;
        synchronized (this) {
            if (!closed) {
                closed = true;
                if (thread.isEmpty()) {
                    release();
                } else if (!released) {
                    wakeUp.signal();
                }
            }
            teller = thread;
        }
        teller.ifPresent(XfrmEvents::join);
    }

    private static void join(Thread teller) {
        boolean interrupted = false;
        while (teller != Thread.currentThread() && teller.isAlive()) {
            try {
                teller.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(Consumer<KernelEvent> listener) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(DATAGRAM_SIZE);
        try {
            while (socket.awaitReadable(wakeUp)) {
                if (!tellAll(datagram, listener)) {
                    hand(new KernelEvent.Overrun(), listener);
                }
            }
        } catch (NetlinkException e) {
            hand(new KernelEvent.Overrun(), listener);
            throw new IllegalStateException("no more events from the kernel: " + e.getMessage(), e);
        } finally {
            release();
        }
    }

    /**
     * Tells all that has been collected. After a loss the kernel drops further events without another word until the
     * socket has been emptied: only then is the loss told, so that who looks things up misses nothing.
     *
     * @return whether nothing was lost; what cannot be read counts as lost
     */
    private boolean tellAll(ByteBuffer datagram, Consumer<KernelEvent> listener) throws NetlinkException {
        boolean complete = true;
        while (!closed) {
            try {
                socket.receive(datagram);
                try {
                    tellDatagram(datagram, listener);
                } finally {
                    wipe(datagram);
                }
            } catch (DecodeException e) {
                complete = false;
            } catch (NetlinkException e) {
                if (e.is(Errno.EAGAIN)) {
                    return complete;
                }
                if (!e.is(Errno.ENOBUFS) && e.errno() != 0) {
                    throw e;
                }
                complete = false;
            }
        }
        return complete;
    }

    private void tellDatagram(ByteBuffer datagram, Consumer<KernelEvent> listener) throws DecodeException {
        NetlinkMessage.Datagram messages = new NetlinkMessage.Datagram(datagram);
        for (Optional<NetlinkMessage> next = messages.next(); next.isPresent(); next = messages.next()) {
            if (!ownPort.test(next.get().header().port())) {
                EventDecoder.decode(next.get()).ifPresent(event -> hand(event, listener));
            }
        }
    }

    /** States that others put in or take out come with their keys. */
    private static void wipe(ByteBuffer datagram) {
        for (int i = 0; i < datagram.limit(); i++) {
            datagram.put(i, (byte) 0);
        }
    }

    private static void hand(KernelEvent event, Consumer<KernelEvent> listener) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    private synchronized void release() {
        released = true;
        socket.close();
        wakeUp.close();
    }
}
