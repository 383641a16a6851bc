package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_user_expire}:
 *
 * <pre>
 * struct xfrm_usersa_info state;    0
 * __u8                    hard;   224  and 7 octets of padding: 232
 * </pre>
 */
public record UserExpire(UserSaInfo state, boolean hard) {
    public static final int SIZE = 232;

    static UserExpire read(NetlinkReader in) throws DecodeException {
        UserExpire expire = new UserExpire(UserSaInfo.read(in), in.u8("hard") != 0);
        in.skip(7, "padding");
        return expire;
    }

    void write(NetlinkWriter out) {
        state.write(out);
        out.u8(hard ? 1 : 0).zeros(7);
    }
}
