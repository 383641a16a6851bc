package org.ikev2d.core.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Octets that must not be seen: one owner, a short life, no face. The JVM may have moved copies of them about; this
 * shortens their lives and does not promise erasure.
 */
public final class Secret implements AutoCloseable {
    private final byte[] octets;
    private boolean closed;

    private Secret(byte[] octets) {
        this.octets = octets;
    }

    /** Takes over {@code octets}: the caller keeps no copy. */
    public static Secret owning(byte[] octets) {
        return new Secret(octets);
    }

    /** Cuts {@code stream} into secrets of {@code lengths} octets, in order, and zeroes it. */
    public static Secret[] split(byte[] stream, int... lengths) {
        Secret[] parts = new Secret[lengths.length];
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            parts[i] = new Secret(Arrays.copyOfRange(stream, at, at + lengths[i]));
            at += lengths[i];
        }
        Arrays.fill(stream, (byte) 0);
        return parts;
    }

    /** A second secret with the same octets, with an owner of its own. */
    public Secret copy() {
        return use(borrowed -> new Secret(borrowed.clone()));
    }

    public int size() {
        return octets.length;
    }

    /** Lends the octets; {@code borrower} keeps no reference and writes nothing. */
    public <R> R use(Function<byte[], R> borrower) {
        if (closed) {
            throw new IllegalStateException("secret used after it was closed");
        }
        return borrower.apply(octets);
    }

    /** Compares in constant time. */
    public boolean matches(byte[] other) {
        return use(borrowed -> MessageDigest.isEqual(borrowed, other));
    }

    public boolean isClosed() {
        return closed;
    }

    /** Zeroes the octets; closing again does nothing. */
    @Override
    public void close() {
        Arrays.fill(octets, (byte) 0);
        closed = true;
    }

    @Override
    public String toString() {
        return "Secret[" + octets.length + " octets]";
    }
}
