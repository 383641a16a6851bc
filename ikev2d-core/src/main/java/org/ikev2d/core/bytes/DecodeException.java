package org.ikev2d.core.bytes;

import java.util.Locale;

/**
 * Octets that are not what they should be: where, what, and what was expected. Stackless, because a peer can cause it
 * at will.
 */
public final class DecodeException extends Exception {
    /** What is wrong. */
    public enum Fault {
        /** Fewer octets than the field needs. */
        TRUNCATED,
        /** Octets left over where none may be. */
        TRAILING,
        /** A length field that contradicts its surroundings. */
        BAD_LENGTH,
        /** A value outside its range. */
        BAD_VALUE,
        /** A critical payload of a type that is not known (RFC 7296 §2.5); {@link #value()} is its type. */
        UNKNOWN_CRITICAL
    }

    private final Fault fault;
    private final int offset;
    private final String path;
    private final int value;

    /**
     * @param offset octets from the message's first octet
     * @param path the field, outermost first: {@code message/NOTIFY/spi}
     * @param value the offending value, 0 where there is none
     * @param expected what was expected and what came, for a person
     */
    public DecodeException(Fault fault, int offset, String path, int value, String expected) {
        super(
                String.format(Locale.ROOT, "%s at octet %d in %s: %s", fault, offset, path, expected),
                null,
                false,
                false);
        this.fault = fault;
        this.offset = offset;
        this.path = path;
        this.value = value;
    }

    public Fault fault() {
        return fault;
    }

    public int offset() {
        return offset;
    }

    public String path() {
        return path;
    }

    public int value() {
        return value;
    }
}
