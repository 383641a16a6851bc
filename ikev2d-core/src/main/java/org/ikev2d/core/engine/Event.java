package org.ikev2d.core.engine;

/**
 * A line for the log: one thing that happened.
 *
 * @param tunnel its name, empty where no tunnel is concerned
 * @param code stable, for machines: {@code ike-up}, {@code child-up}, {@code peer-silent}
 * @param text one sentence; what a peer said is quoted and escaped in it
 */
public record Event(Level level, String tunnel, String code, String text) {
    /** How much it matters. */
    public enum Level {
        /** Of use when hunting a fault. */
        DEBUG,
        /** An SA came up, went down or changed. */
        INFO,
        /** The operator should act. */
        WARN
    }
}
