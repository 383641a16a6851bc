package org.ikev2d.xfrm.codec;

import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_user_tmpl}, what a policy asks of its state; XFRMA_TMPL is an array of them:
 *
 * <pre>
 * struct xfrm_id id;         0  daddr of the tunnel; SPI 0: any state that suits
 * __u16          family;    24  and 2 octets of padding
 * xfrm_address_t saddr;     28
 * __u32          reqid;     44
 * __u8           mode;      48
 * __u8           share;     49
 * __u8           optional;  50  0: level required; and 1 octet of padding
 * __u32          aalgos;    52
 * __u32          ealgos;    56
 * __u32          calgos;    60  64
 * </pre>
 */
public record UserTemplate(
        XfrmId id,
        int family,
        XfrmAddress saddr,
        int reqid,
        int mode,
        int share,
        int optional,
        int aalgos,
        int ealgos,
        int calgos) {
    public static final int SIZE = 64;

    private static final int ANY_ALGORITHM = -1;

    /**
     * Requires ESP between two addresses.
     *
     * @param mode of {@link UserSaInfo}
     */
    public static UserTemplate esp(IpAddress source, IpAddress destination, int reqid, int mode) {
        return new UserTemplate(
                new XfrmId(XfrmAddress.of(destination), 0, IpProtocol.ESP),
                AddressFamily.of(destination),
                XfrmAddress.of(source),
                reqid,
                mode,
                0,
                0,
                ANY_ALGORITHM,
                ANY_ALGORITHM,
                ANY_ALGORITHM);
    }

    /** All that {@code in} holds. */
    static List<UserTemplate> readAll(NetlinkReader in) throws DecodeException {
        List<UserTemplate> templates = new ArrayList<>();
        while (in.remaining() > 0) {
            templates.add(read(in));
        }
        return List.copyOf(templates);
    }

    static UserTemplate read(NetlinkReader in) throws DecodeException {
        XfrmId id = XfrmId.read(in);
        int family = in.u16("family");
        in.skip(2, "padding");
        XfrmAddress saddr = XfrmAddress.read(in, "saddr");
        int reqid = in.u32("reqid");
        int mode = in.u8("mode");
        int share = in.u8("share");
        int optional = in.u8("optional");
        in.skip(1, "padding");
        return new UserTemplate(
                id, family, saddr, reqid, mode, share, optional, in.u32("aalgos"), in.u32("ealgos"), in.u32("calgos"));
    }

    void write(NetlinkWriter out) {
        id.write(out);
        out.u16(family).zeros(2);
        saddr.write(out);
        out.u32(reqid).u8(mode).u8(share).u8(optional).zeros(1);
        out.u32(aalgos).u32(ealgos).u32(calgos);
    }
}
