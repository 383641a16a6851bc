package org.ikev2d.xfrm.netlink;

/** A request that failed: the kernel refused it, a system call did, or the answer cannot be read. */
public final class NetlinkException extends Exception {
    private final int errno;
    private final boolean refusal;

    private NetlinkException(String message, int errno, boolean refusal) {
        super(message, null, false, true);
        this.errno = errno;
        this.refusal = refusal;
    }

    static NetlinkException refused(Acknowledgement answer) {
        String what = answer.text().isEmpty()
                ? Errno.describe(answer.errno())
                : answer.text() + " ("
                        + Errno.of(answer.errno()).map(Errno::name).orElse("errno " + answer.errno()) + ")";
        String where = answer.offset() == 0 ? "" : ", attribute at octet " + answer.offset() + " of the request";
        return new NetlinkException(what + where, answer.errno(), true);
    }

    /** @param call the system call, as {@code socket(AF_NETLINK)} */
    public static NetlinkException ofCall(String call, int errno) {
        return new NetlinkException(call + ": " + Errno.describe(errno), errno, false);
    }

    static NetlinkException unreadable(String why) {
        return new NetlinkException("the kernel's answer cannot be read: " + why, 0, false);
    }

    /** @param errno 0 where there is none */
    public static NetlinkException unsettled(String why, int errno) {
        return new NetlinkException(why, errno, false);
    }

    /** Positive; 0 where there is none. */
    public int errno() {
        return errno;
    }

    public boolean is(Errno other) {
        return other.is(errno);
    }

    /** Whether the kernel answered and said no. */
    public boolean isRefusal() {
        return refusal;
    }
}
