package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_lifetime_cfg}: eight {@code __u64}. Counts end at {@link #INFINITY}, times (seconds) at 0 or
 * infinity.
 *
 * <pre>
 * soft_byte_limit            0    soft_add_expires_seconds  32
 * hard_byte_limit            8    hard_add_expires_seconds  40
 * soft_packet_limit         16    soft_use_expires_seconds  48
 * hard_packet_limit         24    hard_use_expires_seconds  56
 * </pre>
 */
public record LifetimeConfig(
        long softBytes,
        long hardBytes,
        long softPackets,
        long hardPackets,
        long softAddSeconds,
        long hardAddSeconds,
        long softUseSeconds,
        long hardUseSeconds) {
    public static final int SIZE = 64;
    /** XFRM_INF. */
    public static final long INFINITY = -1;

    public static final LifetimeConfig UNLIMITED = of(SaLimits.UNLIMITED);

    /** Where nothing is asked. */
    public static final LifetimeConfig NONE = new LifetimeConfig(0, 0, 0, 0, 0, 0, 0, 0);

    /** Without an end in time. */
    public static LifetimeConfig of(SaLimits limits) {
        return new LifetimeConfig(
                count(limits.softBytes()),
                count(limits.hardBytes()),
                count(limits.softPackets()),
                count(limits.hardPackets()),
                0,
                0,
                0,
                0);
    }

    private static long count(long limit) {
        return limit == SaLimits.INFINITY ? INFINITY : limit;
    }

    static LifetimeConfig read(NetlinkReader in) throws DecodeException {
        return new LifetimeConfig(
                in.u64("soft_byte_limit"),
                in.u64("hard_byte_limit"),
                in.u64("soft_packet_limit"),
                in.u64("hard_packet_limit"),
                in.u64("soft_add_expires_seconds"),
                in.u64("hard_add_expires_seconds"),
                in.u64("soft_use_expires_seconds"),
                in.u64("hard_use_expires_seconds"));
    }

    void write(NetlinkWriter out) {
        out.u64(softBytes).u64(hardBytes).u64(softPackets).u64(hardPackets);
        out.u64(softAddSeconds).u64(hardAddSeconds).u64(softUseSeconds).u64(hardUseSeconds);
    }
}
