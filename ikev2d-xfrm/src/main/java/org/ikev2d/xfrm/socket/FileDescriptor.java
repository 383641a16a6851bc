package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.netlink.NetlinkException;

/** An open file of the kernel's. Closing again does nothing; using it afterwards is a bug of ours. */
final class FileDescriptor implements AutoCloseable {
    private final String name;
    private int number;

    private FileDescriptor(String name, int number) {
        this.name = name;
        this.number = number;
    }

    /** @param name of the call that gave {@code result}, which is a descriptor or -1 */
    static FileDescriptor checked(String name, int result) throws NetlinkException {
        if (result < 0) {
            throw NetlinkException.ofCall(name, LibC.errno());
        }
        return new FileDescriptor(name, result);
    }

    /** As {@link #checked}, for what has nothing to do with netlink. */
    static FileDescriptor opened(String name, int result) throws SystemCallException {
        return new FileDescriptor(name, SystemCallException.check(name, result));
    }

    int number() {
        if (number < 0) {
            throw new IllegalStateException(name + " used after it was closed");
        }
        return number;
    }

    void set(SocketOption option, int value) throws NetlinkException {
        setOctets(option, direct(4).putInt(0, value));
    }

    /** For options that older kernels do not have, or that need a right; whether it worked. */
    boolean trySet(SocketOption option, int value) {
        try {
            set(option, value);
            return true;
        } catch (NetlinkException e) {
            return false;
        }
    }

    /** {@code struct timeval}: seconds and microseconds, 8 octets each. */
    void setTimeout(SocketOption option, long millis) throws NetlinkException {
        setOctets(option, direct(16).putLong(0, millis / 1000).putLong(8, millis % 1000 * 1000));
    }

    private void setOctets(SocketOption option, ByteBuffer value) throws NetlinkException {
        int result = LibC.CALLS.setsockopt(number(), option.level(), option.number(), value, value.capacity());
        if (result < 0) {
            throw NetlinkException.ofCall("setsockopt(" + option + ")", LibC.errno());
        }
    }

    static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /** Whether the last call of this thread was only interrupted by a signal. */
    static boolean interrupted() {
        return Errno.EINTR.is(LibC.errno());
    }

    @Override
    public void close() {
        if (number >= 0) {
            LibC.CALLS.close(number);
            number = -1;
        }
    }
}
