package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_user_acquire}:
 *
 * <pre>
 * struct xfrm_id              id;        0
 * xfrm_address_t              saddr;    24
 * struct xfrm_selector        sel;      40  of the packet that asks
 * struct xfrm_userpolicy_info policy;   96
 * __u32                       aalgos;  264
 * __u32                       ealgos;  268
 * __u32                       calgos;  272
 * __u32                       seq;     276  280
 * </pre>
 */
public record UserAcquire(
        XfrmId id,
        XfrmAddress saddr,
        XfrmSelector sel,
        UserPolicyInfo policy,
        int aalgos,
        int ealgos,
        int calgos,
        int seq) {
    public static final int SIZE = 280;

    static UserAcquire read(NetlinkReader in) throws DecodeException {
        return new UserAcquire(
                XfrmId.read(in),
                XfrmAddress.read(in, "saddr"),
                XfrmSelector.read(in),
                UserPolicyInfo.read(in),
                in.u32("aalgos"),
                in.u32("ealgos"),
                in.u32("calgos"),
                in.u32("seq"));
    }

    void write(NetlinkWriter out) {
        id.write(out);
        saddr.write(out);
        sel.write(out);
        policy.write(out);
        out.u32(aalgos).u32(ealgos).u32(calgos).u32(seq);
    }
}
