package org.ikev2d.xfrm.esp;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which sequence numbers were seen (RFC 4303 §3.4.3), in a ring of blocks as RFC 6479 has it. Any thread, without a lock:
 * of several that bring the same number, one is told that it is new.
 *
 * <p>Each block is one word: which 32 numbers it stands for (the low half of number / 32) in its high half, a bit for each
 * in its low one. So moving the window clears nothing: a block of other numbers than asked for is an old one, and is
 * replaced as a whole. It cannot be a newer one, because {@code highest} rises before a bit is set, and is looked at
 * after the word was read.
 */
final class ReplayWindow {
    static final int SMALLEST = 32;
    /** XFRMA_REPLAY_ESN_MAX of linux/xfrm.h. */
    static final int LARGEST = 4096;

    private static final int BLOCK = 32;

    private final int size;
    private final boolean esn;
    private final AtomicLongArray blocks;
    private final int mask;
    private final AtomicLong highest = new AtomicLong();

    /**
     * @param size packets
     * @throws IllegalArgumentException when there are not {@value SMALLEST} to {@value LARGEST}
     */
    ReplayWindow(int size, boolean esn) {
        this(size, esn, 0);
    }

    /** @param highest the highest number that was seen; none below it was */
    ReplayWindow(int size, boolean esn, long highest) {
        if (size < SMALLEST || size > LARGEST) {
            throw new IllegalArgumentException(
                    "a replay window of " + size + " packets, not of " + SMALLEST + " to " + LARGEST);
        }
        this.size = size;
        this.esn = esn;
        // Two numbers of one window are never in different blocks of one place.
        int places = Integer.highestOneBit(size / BLOCK + 1) * 2;
        this.blocks = new AtomicLongArray(places);
        this.mask = places - 1;
        accept(highest);
    }

    /**
     * The whole sequence number: of extended ones the only one that lies less than 2^32 right of the window's left edge
     * (RFC 4303 appendix A2.2). Negative where the window has no such left of it.
     *
     * @param low the half that was sent
     */
    long whole(int low) {
        if (!esn) {
            return Integer.toUnsignedLong(low);
        }
        long leftmost = highest.get() - size + 1;
        return leftmost + Integer.toUnsignedLong(low - (int) leftmost);
    }

    /** Whether it may still come; it is not remembered. */
    boolean isNew(long sequence) {
        long word = blocks.get(place(sequence));
        return sequence > 0 && !isLeft(sequence) && !(isOf(word, sequence) && (word & bit(sequence)) != 0);
    }

    /**
     * Remembers an authentic packet's number, and moves the window where it is the highest.
     *
     * @return whether it was new
     */
    boolean accept(long sequence) {
        raise(sequence);
        int place = place(sequence);
        long bit = bit(sequence);
        while (true) {
            long word = blocks.get(place);
            boolean same = isOf(word, sequence);
            if (sequence <= 0 || isLeft(sequence) || (same && (word & bit) != 0)) {
                return false;
            }
            long next = same ? word | bit : tag(sequence) | bit;
            if (blocks.compareAndSet(place, word, next)) {
                return true;
            }
        }
    }

    private void raise(long sequence) {
        long seen = highest.get();
        while (sequence > seen && !highest.compareAndSet(seen, sequence)) {
            seen = highest.get();
        }
    }

    private boolean isLeft(long sequence) {
        return sequence <= highest.get() - size;
    }

    private int place(long sequence) {
        return (int) (sequence / BLOCK) & mask;
    }

    private static long tag(long sequence) {
        return (sequence / BLOCK) << Integer.SIZE;
    }

    private static boolean isOf(long word, long sequence) {
        return (word ^ tag(sequence)) >>> Integer.SIZE == 0;
    }

    private static long bit(long sequence) {
        return 1L << (sequence % BLOCK);
    }
}
