package org.ikev2d.core.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import org.ikev2d.core.bytes.Bytes;

/**
 * Octets that must not be seen: one owner, a short life, no face. The JVM may have moved copies of them about; this
 * shortens their lives and does not promise erasure.
 */
public final class Secret implements AutoCloseable {
    /** What may be done with lent octets: no reference is kept, nothing is written. */
    @FunctionalInterface
    public interface Borrower<R, X extends Exception> {
        R apply(byte[] octets) throws X;
    }

    private final byte[] octets;
    private boolean closed;

    private Secret(byte[] octets) {
        this.octets = octets;
    }

    /** Takes over {@code octets}: the caller keeps no copy. */
    public static Secret owning(byte[] octets) {
        return new Secret(octets);
    }

    /** Public octets where a secret is asked for, such as a key made of nonces. */
    public static Secret of(Bytes... parts) {
        return new Secret(Bytes.concat(parts).toArray());
    }

    /**
     * Cuts these octets into secrets of {@code lengths} octets, in order; this one stays its owner's to close.
     *
     * @throws IllegalArgumentException when the lengths do not sum up to this one's
     */
    public Secret[] split(int... lengths) {
        if (Arrays.stream(lengths).sum() != octets.length) {
            throw new IllegalArgumentException(this + " does not make parts of " + Arrays.toString(lengths));
        }
        return use(borrowed -> {
            Secret[] parts = new Secret[lengths.length];
            int at = 0;
            for (int i = 0; i < lengths.length; i++) {
                parts[i] = new Secret(Arrays.copyOfRange(borrowed, at, at + lengths[i]));
                at += lengths[i];
            }
            return parts;
        });
    }

    /** A second secret with the same octets, with an owner of its own. */
    public Secret copy() {
        return use(borrowed -> new Secret(borrowed.clone()));
    }

    /** A second secret with these octets and {@code rest} behind them, with an owner of its own. */
    public Secret followedBy(Bytes... rest) {
        Bytes tail = Bytes.concat(rest);
        return use(borrowed -> {
            byte[] joined = Arrays.copyOf(borrowed, borrowed.length + tail.size());
            tail.copyTo(joined, borrowed.length);
            return new Secret(joined);
        });
    }

    public int size() {
        return octets.length;
    }

    /** Lends the octets. */
    public <R, X extends Exception> R use(Borrower<R, X> borrower) throws X {
        if (closed) {
            throw new IllegalStateException("secret used after it was closed");
        }
        return borrower.apply(octets);
    }

    /** Compares in constant time. */
    public boolean matches(Bytes other) {
        return use(borrowed -> MessageDigest.isEqual(borrowed, other.toArray()));
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
