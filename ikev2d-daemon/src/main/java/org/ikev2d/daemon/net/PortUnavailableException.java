package org.ikev2d.daemon.net;

/** A UDP port could not be had, or not in the way that it must be. The message says which, why, and what to do. */
public final class PortUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    PortUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
