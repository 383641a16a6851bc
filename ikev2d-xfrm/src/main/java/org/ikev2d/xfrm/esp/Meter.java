package org.ikev2d.xfrm.esp;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.core.kernel.SaUsage;

/**
 * Counts what one SA carries, as Linux does: the octets of inner packets, and only of those that were sealed or delivered
 * ({@code xfrm_output_one}, {@code xfrm_input}). Any thread; threads that pass a hard limit together may each let one more
 * packet through.
 */
public final class Meter {
    private final SaLimits limits;
    private final LimitListener listener;
    private final LongSupplier clock;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong packets = new AtomicLong();
    private final AtomicBoolean softTold = new AtomicBoolean();
    private final AtomicBoolean hardTold = new AtomicBoolean();
    private volatile long lastUse;

    /** @param clock seconds since the epoch; asked for every packet */
    public Meter(SaLimits limits, LimitListener listener, LongSupplier clock) {
        this.limits = limits;
        this.listener = listener;
        this.clock = clock;
    }

    /** What was carried until now. */
    public SaUsage usage() {
        return new SaUsage(bytes.get(), packets.get(), lastUse);
    }

    boolean isWornOut() {
        return hardTold.get();
    }

    void count(int octets) {
        long allBytes = bytes.addAndGet(octets);
        long allPackets = packets.incrementAndGet();
        long now = clock.getAsLong();
        if (lastUse != now) {
            lastUse = now;
        }
        if (allBytes >= limits.softBytes() || allPackets >= limits.softPackets()) {
            reach(false);
        }
        if (allBytes >= limits.hardBytes() || allPackets >= limits.hardPackets()) {
            reach(true);
        }
    }

    /** A limit is reached, of ours or of the SA's own. */
    void reach(boolean hard) {
        AtomicBoolean told = hard ? hardTold : softTold;
        if (!told.get() && told.compareAndSet(false, true)) {
            listener.reached(hard);
        }
    }
}
