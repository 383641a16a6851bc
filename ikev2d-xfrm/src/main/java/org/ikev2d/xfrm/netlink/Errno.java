package org.ikev2d.xfrm.netlink;

import java.util.Optional;

/** The errnos that netlink and XFRM answer with, numbered as on x86-64 and arm64 (asm-generic/errno.h). */
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "not found"),
    ESRCH(3, "not found"),
    EINTR(4, "interrupted"),
    EIO(5, "input or output error"),
    EAGAIN(11, "no answer in time"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EBUSY(16, "busy"),
    EEXIST(17, "exists already"),
    ENODEV(19, "no such device"),
    EINVAL(22, "invalid argument"),
    ENOSPC(28, "no space left"),
    ERANGE(34, "out of range"),
    ENOSYS(38, "not implemented"),
    EMSGSIZE(90, "message too long"),
    ENOPROTOOPT(92, "option not available"),
    EPROTONOSUPPORT(93, "protocol not supported"),
    EOPNOTSUPP(95, "operation not supported"),
    EAFNOSUPPORT(97, "address family not supported"),
    EADDRNOTAVAIL(99, "no such address"),
    ENOBUFS(105, "no buffer space"),
    ECONNREFUSED(111, "connection refused");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    public static Optional<Errno> of(int number) {
        for (Errno errno : values()) {
            if (errno.number == number) {
                return Optional.of(errno);
            }
        }
        return Optional.empty();
    }

    /** {@code invalid argument (EINVAL)}, or {@code errno 200}. */
    public static String describe(int number) {
        return of(number).map(errno -> errno.text + " (" + errno + ")").orElse("errno " + number);
    }

    public int number() {
        return number;
    }

    public boolean is(int other) {
        return number == other;
    }
}
