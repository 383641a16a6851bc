package org.ikev2d.daemon.cli;

/** The command line says nothing that we understand. */
final class UsageException extends Exception {
    UsageException(String what) {
        super(what, null, false, false);
    }
}
