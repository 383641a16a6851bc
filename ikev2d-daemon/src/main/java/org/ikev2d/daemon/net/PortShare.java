package org.ikev2d.daemon.net;

import java.io.IOException;

/** A data plane of this process's own, which has sockets of its own on the NAT ports. */
public interface PortShare {
    /** What our datagrams bear, so that they do not go into tunnels (SO_MARK). */
    int mark();

    /**
     * Makes a socket the first on its port, the one that gets IKE.
     *
     * @param descriptor of a socket with SO_REUSEPORT that is not bound yet
     */
    void prepare(int descriptor) throws IOException;
}
