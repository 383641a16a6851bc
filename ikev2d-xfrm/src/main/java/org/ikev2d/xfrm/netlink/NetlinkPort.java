package org.ikev2d.xfrm.netlink;

import java.nio.ByteBuffer;

/** A netlink socket, as narrow as a conversation needs it. Buffers are direct. */
public interface NetlinkPort extends AutoCloseable {
    /** The socket's own address, which the kernel chose. */
    int number();

    /** Sends {@code datagram}, from position to limit, to the kernel. */
    void send(ByteBuffer datagram) throws NetlinkException;

    /**
     * Receives one datagram of the kernel into {@code datagram}: position 0, limit behind its last octet.
     *
     * @throws NetlinkException EAGAIN when none came in time; ENOBUFS when some were lost
     */
    void receive(ByteBuffer datagram) throws NetlinkException;

    @Override
    void close();
}
