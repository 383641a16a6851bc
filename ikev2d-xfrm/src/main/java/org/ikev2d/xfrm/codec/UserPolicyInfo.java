package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_userpolicy_info}:
 *
 * <pre>
 * struct xfrm_selector     sel;         0
 * struct xfrm_lifetime_cfg lft;        56
 * struct xfrm_lifetime_cur curlft;    120
 * __u32                    priority;  152
 * __u32                    index;     156
 * __u8                     dir;       160
 * __u8                     action;    161
 * __u8                     flags;     162
 * __u8                     share;     163  and 4 octets of padding: 168
 * </pre>
 *
 * @param index the kernel's own number, 0 lets it choose
 * @param dir 0 in, 1 out, 2 forward; above: a socket's own
 */
public record UserPolicyInfo(
        XfrmSelector sel,
        LifetimeConfig lft,
        LifetimeCurrent curlft,
        int priority,
        int index,
        int dir,
        int action,
        int flags,
        int share) {
    public static final int SIZE = 168;

    public static final int ACTION_ALLOW = 0;

    public static final int ACTION_BLOCK = 1;

    /** XFRM_POLICY_CPU_ACQUIRE. */
    public static final int FLAG_CPU_ACQUIRE = 4;

    public boolean isCpuAcquire() {
        return (flags & FLAG_CPU_ACQUIRE) != 0;
    }

    public UserPolicyInfo withoutCpuAcquire() {
        return new UserPolicyInfo(sel, lft, curlft, priority, index, dir, action, flags & ~FLAG_CPU_ACQUIRE, share);
    }

    static UserPolicyInfo read(NetlinkReader in) throws DecodeException {
        UserPolicyInfo info = new UserPolicyInfo(
                XfrmSelector.read(in),
                LifetimeConfig.read(in),
                LifetimeCurrent.read(in),
                in.u32("priority"),
                in.u32("index"),
                in.u8("dir"),
                in.u8("action"),
                in.u8("flags"),
                in.u8("share"));
        in.skip(4, "padding");
        return info;
    }

    void write(NetlinkWriter out) {
        sel.write(out);
        lft.write(out);
        curlft.write(out);
        out.u32(priority).u32(index).u8(dir).u8(action).u8(flags).u8(share).zeros(4);
    }
}
