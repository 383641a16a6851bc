package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_userpolicy_id}:
 *
 * <pre>
 * struct xfrm_selector sel;     0
 * __u32                index;  56  0: the selector decides
 * __u8                 dir;    60  and 3 octets of padding: 64
 * </pre>
 */
public record UserPolicyId(XfrmSelector sel, int index, int dir) {
    public static final int SIZE = 64;

    static UserPolicyId read(NetlinkReader in) throws DecodeException {
        UserPolicyId id = new UserPolicyId(XfrmSelector.read(in), in.u32("index"), in.u8("dir"));
        in.skip(3, "padding");
        return id;
    }

    void write(NetlinkWriter out) {
        sel.write(out);
        out.u32(index).u8(dir).zeros(3);
    }
}
