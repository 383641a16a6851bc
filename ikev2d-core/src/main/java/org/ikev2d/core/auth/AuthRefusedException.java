package org.ikev2d.core.auth;

/** A proof is not taken, or cannot be given. Stackless, because a peer can cause it at will. */
public final class AuthRefusedException extends Exception {
    /** @param reason one sentence for an operator */
    public AuthRefusedException(String reason) {
        super(reason, null, false, false);
    }
}
