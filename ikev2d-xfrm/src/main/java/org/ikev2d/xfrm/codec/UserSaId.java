package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_usersa_id}:
 *
 * <pre>
 * xfrm_address_t daddr;    0
 * __be32         spi;     16
 * __u16          family;  20
 * __u8           proto;   22  and 1 octet of padding: 24
 * </pre>
 */
public record UserSaId(XfrmAddress daddr, int spi, int family, int proto) {
    public static final int SIZE = 24;

    public static UserSaId of(SaId id) {
        return new UserSaId(
                XfrmAddress.of(id.destination()), id.spi().value(), AddressFamily.of(id.destination()), IpProtocol.ESP);
    }

    static UserSaId read(NetlinkReader in) throws DecodeException {
        UserSaId id =
                new UserSaId(XfrmAddress.read(in, "daddr"), in.network32("spi"), in.u16("family"), in.u8("proto"));
        in.skip(1, "padding");
        return id;
    }

    void write(NetlinkWriter out) {
        daddr.write(out);
        out.network32(spi).u16(family).u8(proto).zeros(1);
    }
}
