package org.ikev2d.daemon.control;

import java.util.Locale;

/**
 * One request, as docs/control-protocol.md has them.
 *
 * @param id the client's own; comes back with every line of the reply
 * @param tunnel empty: none named
 * @param keep for {@link Operation#STOP} only
 * @param ike for {@link Operation#REKEY} only
 */
public record Request(long id, Operation operation, String tunnel, boolean keep, boolean ike) {
    /** What can be asked. */
    public enum Operation {
        STATUS(false),
        VERSION(false),
        UP(true),
        DOWN(true),
        REKEY(true),
        RELOAD(true),
        STOP(true);

        private final boolean change;

        Operation(boolean change) {
            this.change = change;
        }

        /** Whether it changes anything, and is to be logged. */
        public boolean isChange() {
            return change;
        }

        /** As it is written in a request. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
