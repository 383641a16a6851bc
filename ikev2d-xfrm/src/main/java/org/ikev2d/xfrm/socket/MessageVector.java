package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;

/**
 * Native memory for the messages of one sendmmsg(2) or recvmmsg(2), each with an address, one run of octets and room for
 * ancillary data. The structures point into each other; only lengths change from call to call.
 *
 * <pre>
 * struct mmsghdr, 64 octets:
 *   void *msg_name;          0     socklen_t msg_namelen;    8
 *   struct iovec *msg_iov;  16     size_t msg_iovlen;       24
 *   void *msg_control;      32     size_t msg_controllen;   40
 *   int msg_flags;          48     unsigned int msg_len;    56
 * struct iovec, 16 octets: void *iov_base; 0   size_t iov_len; 8
 * </pre>
 */
final class MessageVector {
    static final int HEADER = 64;
    static final int CONTROL = 64;

    private static final int NAME = 32;
    private static final int VECTOR = 16;

    final ByteBuffer headers;
    final ByteBuffer names;
    final ByteBuffer controls;
    final ByteBuffer octets;

    private final ByteBuffer vectors;
    private final long base;

    MessageVector(int messages, int size) {
        headers = FileDescriptor.direct(messages * HEADER);
        names = FileDescriptor.direct(messages * NAME);
        controls = FileDescriptor.direct(messages * CONTROL);
        vectors = FileDescriptor.direct(messages * VECTOR);
        octets = FileDescriptor.direct(size);
        base = LibC.addressOf(octets);
        for (int i = 0; i < messages; i++) {
            headers.putLong(i * HEADER, LibC.addressOf(names) + (long) i * NAME)
                    .putLong(i * HEADER + 16, LibC.addressOf(vectors) + (long) i * VECTOR)
                    .putLong(i * HEADER + 24, 1)
                    .putLong(i * HEADER + 32, LibC.addressOf(controls) + (long) i * CONTROL);
        }
    }

    int nameAt(int message) {
        return message * NAME;
    }

    void name(int message, int size) {
        headers.putInt(message * HEADER + 8, size);
    }

    void run(int message, int offset, int size) {
        vectors.putLong(message * VECTOR, base + offset).putLong(message * VECTOR + 8, size);
    }

    void control(int message, int size) {
        headers.putLong(message * HEADER + 40, size);
    }

    int controlSize(int message) {
        return (int) headers.getLong(message * HEADER + 40);
    }

    int flags(int message) {
        return headers.getInt(message * HEADER + 48);
    }

    int size(int message) {
        return headers.getInt(message * HEADER + 56);
    }

    /** The header of {@code message}, for a call that begins there. */
    ByteBuffer from(int message) {
        return headers.position(message * HEADER);
    }
}
