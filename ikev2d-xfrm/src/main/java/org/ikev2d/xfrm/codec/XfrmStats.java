package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_stats}, packets dropped:
 *
 * <pre>
 * __u32 replay_window;     0
 * __u32 replay;            4
 * __u32 integrity_failed;  8  12
 * </pre>
 */
public record XfrmStats(int replayWindow, int replay, int integrityFailed) {
    public static final int SIZE = 12;
    public static final XfrmStats NONE = new XfrmStats(0, 0, 0);

    static XfrmStats read(NetlinkReader in) throws DecodeException {
        return new XfrmStats(in.u32("replay_window"), in.u32("replay"), in.u32("integrity_failed"));
    }

    void write(NetlinkWriter out) {
        out.u32(replayWindow).u32(replay).u32(integrityFailed);
    }
}
