package org.ikev2d.xfrm.userspace;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.xfrm.socket.DataSocket;
import org.ikev2d.xfrm.socket.SendBatch;
import org.ikev2d.xfrm.socket.SpiQueues;

/** One worker's sockets at one local address, with what waits to be sent through each. For its thread. */
final class Lane implements AutoCloseable {
    /** A socket, and what waits to be sent. */
    record Exit(DataSocket socket, SendBatch waiting) {
        static Exit of(DataSocket socket) {
            return new Exit(socket, new SendBatch(socket));
        }
    }

    private final Exit udp;
    private final Optional<Exit> plain;
    private final List<Exit> exits;

    private Lane(Exit udp, Optional<Exit> plain) {
        this.udp = udp;
        this.plain = plain;
        this.exits = plain.map(other -> List.of(udp, other)).orElse(List.of(udp));
    }

    /**
     * @param natPort of the daemon's, bound already
     * @param withPlain whether ESP goes without UDP, too; wants CAP_NET_RAW
     */
    static Lane open(Endpoint natPort, SpiQueues.Queue queue, boolean withPlain) throws IOException {
        DataSocket udp = DataSocket.udp(natPort, Routing.MARK);
        if (!withPlain) {
            return new Lane(Exit.of(udp), Optional.empty());
        }
        try {
            return new Lane(Exit.of(udp), Optional.of(Exit.of(DataSocket.esp(natPort.address(), Routing.MARK, queue))));
        } catch (IOException e) {
            udp.close();
            throw e;
        }
    }

    /** @throws java.util.NoSuchElementException where there is no plain ESP */
    Exit exit(boolean inUdp) {
        return inUdp ? udp : plain.orElseThrow();
    }

    List<Exit> exits() {
        return exits;
    }

    @Override
    public void close() {
        exits.forEach(exit -> exit.socket().close());
    }
}
