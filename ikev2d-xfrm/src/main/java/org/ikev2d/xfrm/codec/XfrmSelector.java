package org.ikev2d.xfrm.codec;

import org.ikev2d.core.bytes.DecodeException;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.xfrm.netlink.NetlinkReader;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct xfrm_selector}:
 *
 * <pre>
 * xfrm_address_t daddr;         0
 * xfrm_address_t saddr;        16
 * __be16         dport;        32
 * __be16         dport_mask;   34
 * __be16         sport;        36
 * __be16         sport_mask;   38
 * __u16          family;       40
 * __u8           prefixlen_d;  42
 * __u8           prefixlen_s;  43
 * __u8           proto;        44  and 3 octets of padding
 * int            ifindex;      48
 * uid_t          user;         52  56
 * </pre>
 */
public record XfrmSelector(
        XfrmAddress daddr,
        XfrmAddress saddr,
        int dport,
        int dportMask,
        int sport,
        int sportMask,
        int family,
        int prefixlenD,
        int prefixlenS,
        int proto,
        int ifindex,
        int user) {
    public static final int SIZE = 56;

    /** Matches everything of {@code family}, or of both families when that is {@link AddressFamily#UNSPEC}. */
    public static XfrmSelector any(int family) {
        return new XfrmSelector(XfrmAddress.ANY, XfrmAddress.ANY, 0, 0, 0, 0, family, 0, 0, 0, 0, 0);
    }

    public static XfrmSelector of(PacketSelector selector) {
        return new XfrmSelector(
                XfrmAddress.of(selector.destination()),
                XfrmAddress.of(selector.source()),
                selector.destinationPort(),
                selector.destinationPortMask(),
                selector.sourcePort(),
                selector.sourcePortMask(),
                AddressFamily.of(selector.source()),
                selector.destinationPrefix(),
                selector.sourcePrefix(),
                selector.ipProtocol(),
                0,
                0);
    }

    /** The interface and user, which we never set, are left out. */
    public PacketSelector toPacketSelector() throws DecodeException {
        return new PacketSelector(
                saddr.as(family), prefixlenS, daddr.as(family), prefixlenD, proto, sport, sportMask, dport, dportMask);
    }

    static XfrmSelector read(NetlinkReader in) throws DecodeException {
        XfrmAddress daddr = XfrmAddress.read(in, "daddr");
        XfrmAddress saddr = XfrmAddress.read(in, "saddr");
        int dport = in.network16("dport");
        int dportMask = in.network16("dport_mask");
        int sport = in.network16("sport");
        int sportMask = in.network16("sport_mask");
        int family = in.u16("family");
        int prefixlenD = in.u8("prefixlen_d");
        int prefixlenS = in.u8("prefixlen_s");
        int proto = in.u8("proto");
        in.skip(3, "padding");
        return new XfrmSelector(
                daddr,
                saddr,
                dport,
                dportMask,
                sport,
                sportMask,
                family,
                prefixlenD,
                prefixlenS,
                proto,
                in.u32("ifindex"),
                in.u32("user"));
    }

    void write(NetlinkWriter out) {
        daddr.write(out);
        saddr.write(out);
        out.network16(dport).network16(dportMask).network16(sport).network16(sportMask);
        out.u16(family).u8(prefixlenD).u8(prefixlenS).u8(proto).zeros(3);
        out.u32(ifindex).u32(user);
    }
}
