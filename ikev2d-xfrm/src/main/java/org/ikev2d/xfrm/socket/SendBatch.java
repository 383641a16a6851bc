package org.ikev2d.xfrm.socket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.ikev2d.xfrm.netlink.Errno;

/**
 * Datagrams on their way out through one socket, in few calls: consecutive ones of one size to one address become one
 * message that the kernel, or the network device, takes apart (UDP_SEGMENT). For one thread.
 */
public final class SendBatch {
    /** Octets that fit, whatever the datagrams are. */
    public static final int ROOM = 256 << 10;

    private static final int MESSAGES = 64;

    /** UDP_MAX_SEGMENTS of the kernel's. */
    private static final int MOST_SEGMENTS = 64;

    /** Less than a UDP datagram can have over IPv4 or IPv6. */
    private static final int LONGEST_MESSAGE = 65_000;

    private static final int SPI = 4;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** {@code struct cmsghdr}: size_t cmsg_len, int cmsg_level, int cmsg_type; data behind it, padded to 8. */
    private static final int CONTROL_HEADER = 16;

    private static final int CONTROL = 24;

    /** How long a full socket is waited for; what it does not take by then is dropped. */
    private static final int PATIENCE_MILLIS = 20;

    private final DataSocket socket;
    private final MessageVector vector = new MessageVector(MESSAGES, ROOM);
    private final Readiness writable;

    private final SocketAddress[] to = new SocketAddress[MESSAGES];
    private final int[] offset = new int[MESSAGES];
    private final int[] size = new int[MESSAGES];
    private final int[] segment = new int[MESSAGES];
    private final int[] segments = new int[MESSAGES];
    private final int[] trafficClass = new int[MESSAGES];
    private int messages;
    private int used;
    private boolean dontFragment = true;
    private long dropped;
    private int refusal;

    public SendBatch(DataSocket socket) {
        this.socket = socket;
        this.writable = Readiness.toWrite(socket.descriptor());
    }

    /**
     * Puts a datagram behind the others; they are sent first when there is no room left.
     *
     * @param address of the socket's family
     * @param tos of the outer header: DSCP and ECN
     * @param whole it may not be cut on its way
     */
    public void add(byte[] octets, int from, int length, SocketAddress address, int tos, boolean whole) {
        if (used + length > ROOM || (whole != dontFragment && messages > 0)) {
            flush();
        }
        dontFragment = whole;
        int last = messages - 1;
        if (last >= 0 && joins(last, octets, from, length, address, tos)) {
            size[last] += length;
            segments[last]++;
        } else {
            if (messages == MESSAGES) {
                flush();
            }
            last = messages++;
            to[last] = address;
            offset[last] = used;
            size[last] = length;
            segment[last] = length;
            segments[last] = 1;
            trafficClass[last] = tos;
        }
        vector.octets.put(used, octets, from, length);
        used += length;
    }

    /**
     * All segments of a message are of one size; only the last may be shorter. They are of one SPI, too: a peer that gets
     * the message whole looks at the first to know which queue is to take it.
     */
    private boolean joins(int message, byte[] octets, int from, int length, SocketAddress address, int tos) {
        return socket.segments()
                && length <= segment[message]
                && size[message] == segment[message] * segments[message]
                && segments[message] < MOST_SEGMENTS
                && size[message] + length <= LONGEST_MESSAGE
                && length >= SPI
                && vector.octets.getInt(offset[message]) == (int) WORD.get(octets, from)
                && trafficClass[message] == tos
                && to[message].equals(address);
    }

    public boolean isEmpty() {
        return messages == 0;
    }

    /** Sends all that was added. */
    public void flush() {
        if (messages == 0) {
            return;
        }
        socket.dontFragment(dontFragment);
        for (int i = 0; i < messages; i++) {
            prepare(i);
        }
        int sent = 0;
        while (sent < messages) {
            int result = LibC.CALLS.sendmmsg(
                    socket.descriptor().number(), vector.from(sent), messages - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
            sent += result > 0 ? result : refused(sent, LibC.errno());
        }
        messages = 0;
        used = 0;
    }

    private void prepare(int message) {
        to[message].put(vector.names, vector.nameAt(message));
        vector.name(message, to[message].size());
        vector.run(message, offset[message], size[message]);
        int at = message * MessageVector.CONTROL;
        int length = 0;
        if (segments[message] > 1) {
            control(at, 2, SocketOption.UDP_SEGMENT);
            vector.controls.putShort(at + CONTROL_HEADER, (short) segment[message]);
            length += CONTROL;
        }
        if (trafficClass[message] != 0) {
            control(at + length, 4, socket.isIpv4() ? SocketOption.IP_TOS : SocketOption.IPV6_TCLASS);
            vector.controls.putInt(at + length + CONTROL_HEADER, trafficClass[message]);
            length += CONTROL;
        }
        vector.control(message, length);
    }

    private void control(int at, int length, SocketOption option) {
        vector.controls
                .putLong(at, CONTROL_HEADER + length)
                .putInt(at + 8, option.level())
                .putInt(at + 12, option.number());
    }

    /** @return how many messages are done with, though they were not sent */
    private int refused(int message, int errno) {
        if (Errno.EINTR.is(errno)) {
            return 0;
        }
        if (Errno.EAGAIN.is(errno) && writable.await(PATIENCE_MILLIS)) {
            return 0;
        }
        if (segments[message] > 1) {
            if (Errno.EIO.is(errno)) {
                // The device cannot compute checksums of segments.
                socket.withoutSegmentation();
            }
            sendSingly(message);
            return 1;
        }
        dropped += segments[message];
        refusal = errno;
        return 1;
    }

    private void sendSingly(int message) {
        vector.control(message, 0);
        for (int i = 0; i < segments[message]; i++) {
            int from = i * segment[message];
            vector.run(message, offset[message] + from, Math.min(segment[message], size[message] - from));
            int result = LibC.CALLS.sendmmsg(
                    socket.descriptor().number(), vector.from(message), 1, MSG_DONTWAIT | MSG_NOSIGNAL);
            if (result < 0) {
                dropped++;
                refusal = LibC.errno();
            }
        }
    }

    /** How many datagrams the kernel did not take since this was last asked. */
    public long takeDropped() {
        long taken = dropped;
        dropped = 0;
        return taken;
    }

    /** Why it did not take the last of those that it did not take since this was last asked; 0: it took all. */
    public int takeRefusal() {
        int taken = refusal;
        refusal = 0;
        return taken;
    }
}
