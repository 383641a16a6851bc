package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_lifetime_cur}:
 *
 * <pre>
 * __u64 bytes;      0
 * __u64 packets;    8
 * __u64 add_time;  16  seconds since the epoch
 * __u64 use_time;  24  of the first use, 0 for none
 * </pre>
 */
public record LifetimeCurrent(long bytes, long packets, long addTime, long useTime) {
    public static final int SIZE = 32;
    public static final LifetimeCurrent NONE = new LifetimeCurrent(0, 0, 0, 0);

    static LifetimeCurrent read(NetlinkReader in) throws DecodeException {
        return new LifetimeCurrent(in.u64("bytes"), in.u64("packets"), in.u64("add_time"), in.u64("use_time"));
    }

    void write(NetlinkWriter out) {
        out.u64(bytes).u64(packets).u64(addTime).u64(useTime);
    }
}
