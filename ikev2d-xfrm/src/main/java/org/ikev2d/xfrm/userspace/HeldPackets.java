package org.ikev2d.xfrm.userspace;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;

/** A few packets as they were read from the device, that wait for an SA. For one thread. */
final class HeldPackets {
    /** As many as net.ipv4.neigh keeps for an address that it looks for, and a little more. */
    private static final int MOST = 32;

    /** Whoever sent them has given up, or sent them again. */
    private static final long LONGEST = 10_000_000_000L;

    private final Deque<Held> held = new ArrayDeque<>();

    private static final class Held {
        private final byte[] octets;
        private final long since;

        Held(byte[] octets, long since) {
            this.octets = octets;
            this.since = since;
        }
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** False when there is no room. */
    boolean hold(byte[] octets, int length, long now) {
        if (held.size() >= MOST) {
            return false;
        }
        held.add(new Held(Arrays.copyOf(octets, length), now));
        return true;
    }

    /**
     * Gives all up that are not too old, oldest first; what has to wait still may be held again.
     *
     * @return how many were too old
     */
    int release(long now, Consumer<byte[]> taker) {
        int old = 0;
        for (int left = held.size(); left > 0; left--) {
            Held one = held.remove();
            if (now - one.since > LONGEST) {
                old++;
            } else {
                taker.accept(one.octets);
            }
        }
        return old;
    }
}
