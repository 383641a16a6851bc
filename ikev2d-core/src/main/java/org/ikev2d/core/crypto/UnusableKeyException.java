package org.ikev2d.core.crypto;

/** Octets that should be a key are none that can be used. */
public final class UnusableKeyException extends Exception {
    /** @param reason to stand behind "the key": {@code is of 1024 bits; 2048 is the least} */
    public UnusableKeyException(String reason) {
        super(reason, null, false, false);
    }
}
