package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_encap_tmpl}:
 *
 * <pre>
 * __u16          encap_type;   0
 * __be16         encap_sport;  2
 * __be16         encap_dport;  4  and 2 octets of padding
 * xfrm_address_t encap_oa;     8  24
 * </pre>
 */
public record EncapTemplate(int type, int sport, int dport, XfrmAddress oa) {
    public static final int SIZE = 24;

    private static final int UDP_ENCAP_ESPINUDP = 2;

    public static EncapTemplate of(Encapsulation ports) {
        return new EncapTemplate(UDP_ENCAP_ESPINUDP, ports.sourcePort(), ports.destinationPort(), XfrmAddress.ANY);
    }

    static EncapTemplate read(NetlinkReader in) throws DecodeException {
        int type = in.u16("encap_type");
        int sport = in.network16("encap_sport");
        int dport = in.network16("encap_dport");
        in.skip(2, "padding");
        return new EncapTemplate(type, sport, dport, XfrmAddress.read(in, "encap_oa"));
    }

    Encapsulation ports() {
        return new Encapsulation(sport, dport);
    }

    void write(NetlinkWriter out) {
        out.u16(type).network16(sport).network16(dport).zeros(2);
        oa.write(out);
    }
}
