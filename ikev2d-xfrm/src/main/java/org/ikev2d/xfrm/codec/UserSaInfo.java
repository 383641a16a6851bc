package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_usersa_info}:
 *
 * <pre>
 * struct xfrm_selector     sel;              0
 * struct xfrm_id           id;              56
 * xfrm_address_t           saddr;           80
 * struct xfrm_lifetime_cfg lft;             96
 * struct xfrm_lifetime_cur curlft;         160
 * struct xfrm_stats        stats;          192
 * __u32                    seq;            204
 * __u32                    reqid;          208
 * __u16                    family;         212
 * __u8                     mode;           214
 * __u8                     replay_window;  215
 * __u8                     flags;          216  and 7 octets of padding: 224
 * </pre>
 */
public record UserSaInfo(
        XfrmSelector sel,
        XfrmId id,
        XfrmAddress saddr,
        LifetimeConfig lft,
        LifetimeCurrent curlft,
        XfrmStats stats,
        int seq,
        int reqid,
        int family,
        int mode,
        int replayWindow,
        int flags) {
    public static final int SIZE = 224;

    public static final int MODE_TRANSPORT = 0;
    public static final int MODE_TUNNEL = 1;

    /** XFRM_STATE_AF_UNSPEC: an empty selector stands for both families. */
    public static final int FLAG_AF_UNSPEC = 32;
    /** XFRM_STATE_ESN. */
    public static final int FLAG_ESN = 128;

    static UserSaInfo read(NetlinkReader in) throws DecodeException {
        UserSaInfo info = new UserSaInfo(
                XfrmSelector.read(in),
                XfrmId.read(in),
                XfrmAddress.read(in, "saddr"),
                LifetimeConfig.read(in),
                LifetimeCurrent.read(in),
                XfrmStats.read(in),
                in.u32("seq"),
                in.u32("reqid"),
                in.u16("family"),
                in.u8("mode"),
                in.u8("replay_window"),
                in.u8("flags"));
        in.skip(7, "padding");
        return info;
    }

    void write(NetlinkWriter out) {
        sel.write(out);
        id.write(out);
        saddr.write(out);
        lft.write(out);
        curlft.write(out);
        stats.write(out);
        out.u32(seq).u32(reqid).u16(family).u8(mode).u8(replayWindow).u8(flags).zeros(7);
    }
}
