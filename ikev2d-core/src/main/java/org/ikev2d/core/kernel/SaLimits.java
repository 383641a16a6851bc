package org.ikev2d.core.kernel;

/**
 * How much an SA may carry, in octets of inner packets and in packets. The packet that reaches a limit still goes through;
 * behind a hard one nothing does. Each limit that is reached is told as {@link KernelEvent.Expire}.
 */
public record SaLimits(long softBytes, long hardBytes, long softPackets, long hardPackets) {
    /** In the place of a limit that is not there. */
    public static final long INFINITY = Long.MAX_VALUE;

    public static final SaLimits UNLIMITED = new SaLimits(INFINITY, INFINITY, INFINITY, INFINITY);

    /** @throws IllegalArgumentException when one is not positive */
    public SaLimits {
        if (softBytes < 1 || hardBytes < 1 || softPackets < 1 || hardPackets < 1) {
            throw new IllegalArgumentException("a limit of nothing: " + softBytes + "/" + hardBytes + " bytes, "
                    + softPackets + "/" + hardPackets + " packets");
        }
    }
}
