package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_user_mapping}:
 *
 * <pre>
 * struct xfrm_usersa_id id;          0
 * __u32                 reqid;      24
 * xfrm_address_t        old_saddr;  28
 * xfrm_address_t        new_saddr;  44
 * __be16                old_sport;  60
 * __be16                new_sport;  62  64
 * </pre>
 */
public record UserMapping(
        UserSaId id, int reqid, XfrmAddress oldSaddr, XfrmAddress newSaddr, int oldSport, int newSport) {
    public static final int SIZE = 64;

    static UserMapping read(NetlinkReader in) throws DecodeException {
        return new UserMapping(
                UserSaId.read(in),
                in.u32("reqid"),
                XfrmAddress.read(in, "old_saddr"),
                XfrmAddress.read(in, "new_saddr"),
                in.network16("old_sport"),
                in.network16("new_sport"));
    }

    void write(NetlinkWriter out) {
        id.write(out);
        out.u32(reqid);
        oldSaddr.write(out);
        newSaddr.write(out);
        out.network16(oldSport).network16(newSport);
    }
}
