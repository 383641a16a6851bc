package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_id}:
 *
 * <pre>
 * xfrm_address_t daddr;   0
 * __be32         spi;    16
 * __u8           proto;  20  and 3 octets of padding: 24
 * </pre>
 *
 * @param spi 0 in templates and in states that an ACQUIRE made
 */
public record XfrmId(XfrmAddress daddr, int spi, int proto) {
    public static final int SIZE = 24;

    static XfrmId read(NetlinkReader in) throws DecodeException {
        XfrmId id = new XfrmId(XfrmAddress.read(in, "daddr"), in.network32("spi"), in.u8("proto"));
        in.skip(3, "padding");
        return id;
    }

    void write(NetlinkWriter out) {
        daddr.write(out);
        out.network32(spi).u8(proto).zeros(3);
    }
}
