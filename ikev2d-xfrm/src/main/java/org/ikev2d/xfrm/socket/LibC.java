package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The few calls of the C library that the JDK does not have. Buffers are direct: jnr hands over their memory, from the
 * position on, without a copy. A failed call's errno must be read by the same thread before its next one.
 */
final class LibC {
    /** Public for the class that jnr generates. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        int bind(int fd, ByteBuffer address, int size);

        int getsockname(int fd, ByteBuffer address, ByteBuffer size);

        int setsockopt(int fd, int level, int option, ByteBuffer value, int size);

        @ssize_t
        long sendto(int fd, ByteBuffer octets, @size_t long size, int flags, ByteBuffer address, int addressSize);

        @ssize_t
        long recvfrom(
                int fd, ByteBuffer octets, @size_t long size, int flags, ByteBuffer address, ByteBuffer addressSize);

        int open(ByteBuffer path, int flags);

        int ioctl(int fd, @size_t long request, ByteBuffer argument);

        int ioctl(int fd, @size_t long request, @size_t long argument);

        @ssize_t
        long read(int fd, ByteBuffer octets, @size_t long size);

        int connect(int fd, ByteBuffer address, int size);

        int getsockopt(int fd, int level, int option, ByteBuffer value, ByteBuffer size);

        int recvmmsg(int fd, ByteBuffer messages, int count, int flags, ByteBuffer timeout);

        int sendmmsg(int fd, ByteBuffer messages, int count, int flags);

        int sched_setaffinity(int thread, @size_t long size, ByteBuffer mask);

        /** For bpf(2), which the C library has no function for. */
        @ssize_t
        long syscall(@size_t long number, @size_t long command, ByteBuffer attributes, @size_t long size);

        int poll(ByteBuffer fds, @size_t long count, int timeoutMillis);

        int eventfd(int initial, int flags);

        @ssize_t
        long write(int fd, ByteBuffer octets, @size_t long size);

        int close(int fd);
    }

    /** Loaded with the first call; takes a few hundred milliseconds. */
    static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

    private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

    private LibC() {}

    /** Where a direct buffer's octet 0 lies, for structures that point to others; the buffer must outlive them. */
    static long addressOf(ByteBuffer direct) {
        return Pointer.wrap(RUNTIME, direct.duplicate().clear()).address();
    }

    /** Of this thread's last call, if that failed. */
    static int errno() {
        return RUNTIME.getLastError();
    }
}
