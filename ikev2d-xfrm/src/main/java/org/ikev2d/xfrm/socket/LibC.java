package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
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

    /** Of this thread's last call, if that failed. */
    static int errno() {
        return RUNTIME.getLastError();
    }
}
