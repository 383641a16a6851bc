package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_userspi_info}:
 *
 * <pre>
 * struct xfrm_usersa_info info;    0
 * __u32                   min;   224  the range of SPIs to choose from, in host order
 * __u32                   max;   228  232
 * </pre>
 */
public record UserSpiInfo(UserSaInfo info, int min, int max) {
    public static final int SIZE = 232;

    static UserSpiInfo read(NetlinkReader in) throws DecodeException {
        return new UserSpiInfo(UserSaInfo.read(in), in.u32("min"), in.u32("max"));
    }

    void write(NetlinkWriter out) {
        info.write(out);
        out.u32(min).u32(max);
    }
}
