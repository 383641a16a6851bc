package org.ikev2d.core.kernel;

/**
 * A state's counters.
 *
 * @param lastUse seconds since the epoch, 0 for never
 */
public record SaUsage(long bytes, long packets, long lastUse) {
    public static final SaUsage NONE = new SaUsage(0, 0, 0);

    /** Of both together. */
    public SaUsage plus(SaUsage other) {
        return new SaUsage(bytes + other.bytes, packets + other.packets, Math.max(lastUse, other.lastUse));
    }
}
