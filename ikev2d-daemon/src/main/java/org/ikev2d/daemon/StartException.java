package org.ikev2d.daemon;

/** The daemon cannot start; the message says why and what to do, in one line. */
final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }

    StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
