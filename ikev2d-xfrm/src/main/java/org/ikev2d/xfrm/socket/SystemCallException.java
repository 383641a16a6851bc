package org.ikev2d.xfrm.socket;

import java.io.IOException;
import org.ikev2d.xfrm.netlink.Errno;

/** A system call that failed. */
public final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    private SystemCallException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /**
     * Of this thread's last call.
     *
     * @param call with its object: {@code open(/dev/net/tun)}
     */
    static SystemCallException ofLast(String call) {
        return new SystemCallException(call, LibC.errno());
    }

    /** {@code result}, unless it is negative. */
    static int check(String call, int result) throws SystemCallException {
        if (result < 0) {
            throw ofLast(call);
        }
        return result;
    }

    public boolean is(Errno other) {
        return other.is(errno);
    }
}
