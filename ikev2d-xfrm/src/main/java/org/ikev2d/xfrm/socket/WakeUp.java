package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import org.ikev2d.xfrm.netlink.NetlinkException;

/** An eventfd by which any thread ends another's waiting, for good. */
public final class WakeUp implements AutoCloseable {
    private static final int EFD_CLOEXEC = 0x80000;

    private final FileDescriptor fd;

    private WakeUp(FileDescriptor fd) {
        this.fd = fd;
    }

    public static WakeUp open() throws NetlinkException {
        return new WakeUp(FileDescriptor.checked("eventfd", LibC.CALLS.eventfd(0, EFD_CLOEXEC)));
    }

    public void signal() {
        ByteBuffer one = FileDescriptor.direct(8).putLong(0, 1);
        while (LibC.CALLS.write(fd.number(), one, 8) < 0 && FileDescriptor.interrupted()) {
            one.clear();
        }
    }

    int number() {
        return fd.number();
    }

    FileDescriptor descriptor() {
        return fd;
    }

    /** Only when no thread waits any more. */
    @Override
    public void close() {
        fd.close();
    }
}
