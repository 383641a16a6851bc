package org.ikev2d.core.coverage;

import java.util.Optional;

/**
 * One MUST or SHOULD of an RFC.
 *
 * @param id RFC, section and a letter: {@code 7296-2.1-a}
 * @param level in the RFC's capitals
 * @param who is bound
 * @param text what that one must do, or must not
 * @param notHeld why no test shows it
 */
record Requirement(String id, String level, String who, String text, Optional<String> notHeld) {
    /** Whether it is of the kind that leaves no choice. */
    boolean isMust() {
        return level.startsWith("MUST");
    }

    String section() {
        return id.substring(id.indexOf('-') + 1, id.lastIndexOf('-'));
    }
}
