package org.ikev2d.core.crypto;

/** A public value that a peer sent is none. */
public final class InvalidPublicValueException extends Exception {
    public InvalidPublicValueException(String reason) {
        super(reason, null, false, false);
    }
}
