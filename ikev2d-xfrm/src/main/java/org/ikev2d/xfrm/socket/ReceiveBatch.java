package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import org.ikev2d.core.net.Endpoint;

/**
 * Datagrams as they come in through a socket, several in one call. A message may be many datagrams of one size
 * (UDP_GRO). For one thread.
 */
public final class ReceiveBatch {
    /** The longest message. */
    public static final int LONGEST = 65_536;

    private static final int MSG_CTRUNC = 0x8;
    private static final int MSG_TRUNC = 0x20;
    private static final int MSG_DONTWAIT = 0x40;

    private static final int CONTROL_HEADER = 16;

    private final MessageVector vector;
    private final int most;
    private int received;
    private int segment;
    private int tos;

    /** @param messages at a time */
    public ReceiveBatch(int messages) {
        most = messages;
        vector = new MessageVector(messages, messages * LONGEST);
        for (int i = 0; i < messages; i++) {
            vector.run(i, i * LONGEST, LONGEST);
        }
        received = messages;
    }

    /** @return how many messages came, or a negative errno */
    public int receive(DataSocket socket) {
        for (int i = 0; i < received; i++) {
            vector.name(i, SocketAddress.LARGEST);
            vector.control(i, MessageVector.CONTROL);
        }
        int result = LibC.CALLS.recvmmsg(socket.descriptor().number(), vector.from(0), most, MSG_DONTWAIT, null);
        received = Math.max(result, 0);
        return result < 0 ? -LibC.errno() : result;
    }

    /**
     * Moves to {@code message}, whose ancillary data the other methods then tell.
     *
     * @return its octets; negative when it was cut off
     */
    public int select(int message) {
        int size = vector.size(message);
        segment = size;
        tos = 0;
        int end = vector.controlSize(message);
        int base = message * MessageVector.CONTROL;
        ByteBuffer controls = vector.controls;
        for (int at = 0; at + CONTROL_HEADER <= end; ) {
            int length = (int) controls.getLong(base + at);
            if (length < CONTROL_HEADER) {
                break;
            }
            int level = controls.getInt(base + at + 8);
            int type = controls.getInt(base + at + 12);
            if (level == SocketOption.UDP_GRO.level() && type == SocketOption.UDP_GRO.number()) {
                segment = controls.getInt(base + at + CONTROL_HEADER);
            } else if (level == SocketOption.IP_TOS.level() && type == SocketOption.IP_TOS.number()) {
                tos = controls.get(base + at + CONTROL_HEADER) & 0xff;
            } else if (level == SocketOption.IPV6_TCLASS.level() && type == SocketOption.IPV6_TCLASS.number()) {
                tos = controls.getInt(base + at + CONTROL_HEADER) & 0xff;
            }
            at += (length + 7) & ~7;
        }
        return (vector.flags(message) & (MSG_TRUNC | MSG_CTRUNC)) != 0 ? -1 : size;
    }

    /** The size of each datagram of the message selected, but for the last, which may be shorter. */
    public int segment() {
        return segment;
    }

    /** DSCP and ECN of the outer header. */
    public int tos() {
        return tos;
    }

    public void copy(int message, byte[] into, int size) {
        vector.octets.get(message * LONGEST, into, 0, size);
    }

    public boolean isFrom(int message, SocketAddress address) {
        return address.isAt(vector.names, vector.nameAt(message));
    }

    public Endpoint from(int message) {
        return SocketAddress.read(vector.names, vector.nameAt(message));
    }
}
