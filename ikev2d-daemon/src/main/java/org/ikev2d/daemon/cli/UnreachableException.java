package org.ikev2d.daemon.cli;

/** No daemon answers. */
final class UnreachableException extends Exception {
    UnreachableException(String what) {
        super(what, null, false, false);
    }
}
