package org.ikev2d.daemon.net;

import org.ikev2d.core.net.Endpoint;

/** A UDP port could not be had, or not in the way that it must be. The message says which, why, and what to do. */
public final class PortUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Endpoint endpoint;

    PortUnavailableException(Endpoint endpoint, String message, Throwable cause) {
        super(message, cause);
        this.endpoint = endpoint;
    }

    public Endpoint endpoint() {
        return endpoint;
    }
}
