package org.ikev2d.xfrm.ethtool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * {@code struct ethtool_rxnfc} on 64-bit machines, in host order where nothing else is said:
 *
 * <pre>
 * __u32 cmd;                        0
 * __u32 flow_type;                  4
 * __u64 data;                       8
 * struct ethtool_rx_flow_spec fs:  16
 *   __u32 flow_type;               16
 *   union ethtool_flow_union h_u;  20   52 octets: the fields of packets, in network order
 *   struct ethtool_flow_ext h_ext; 72   20 octets
 *   union ethtool_flow_union m_u;  92   52 octets: which of their bits count
 *   struct ethtool_flow_ext m_ext;144   20 octets, and 4 of padding
 *   __u64 ring_cookie;            168   the queue
 *   __u32 location;               176   and 4 octets of padding
 * __u32 rule_cnt;                 184
 * __u32 rule_locs[0];             188   and 4 octets of padding: 192
 * </pre>
 */
final class Rxnfc {
    static final int SIZE = 192;

    static final int GRXFH = 0x29;
    static final int GRXRINGS = 0x2d;
    static final int GRXCLSRLCNT = 0x2e;
    static final int GRXCLSRULE = 0x2f;
    static final int GRXCLSRLALL = 0x30;
    static final int SRXCLSRLDEL = 0x31;
    static final int SRXCLSRLINS = 0x32;

    /** As a location: the driver is to choose one. In the answer to GRXCLSRLCNT: it can. */
    static final int RX_CLS_LOC_ANY = 0xffff_ffff;

    private static final int RX_CLS_LOC_SPECIAL = 0x8000_0000;

    private static final int FLOW_TYPE = 4;
    private static final int DATA = 8;
    private static final int FS_FLOW_TYPE = 16;
    private static final int FS_FIELDS = 20;
    private static final int FS_MASKS = 92;
    private static final int FS_RING_COOKIE = 168;
    private static final int FS_LOCATION = 176;
    private static final int RULE_CNT = 184;
    private static final int RULE_LOCS = 188;

    /** FLOW_EXT, FLOW_MAC_EXT, FLOW_RSS: what a rule has beside its type. */
    private static final int FLOW_TYPE_ONLY = 0x00ff_ffff;

    private final ByteBuffer octets;

    private Rxnfc(int command, int locations) {
        octets = ByteBuffer.allocateDirect(SIZE + 4 * locations).order(ByteOrder.nativeOrder());
        octets.putInt(0, command);
    }

    /** One that only asks. */
    static Rxnfc query(int command) {
        return new Rxnfc(command, 0);
    }

    /** GRXFH. */
    static Rxnfc hash(FlowType type) {
        Rxnfc rxnfc = new Rxnfc(GRXFH, 0);
        rxnfc.octets.putInt(FLOW_TYPE, type.number());
        return rxnfc;
    }

    /** GRXCLSRLALL with room for that many. */
    static Rxnfc locations(int count) {
        Rxnfc rxnfc = new Rxnfc(GRXCLSRLALL, count);
        rxnfc.octets.putInt(RULE_CNT, count);
        return rxnfc;
    }

    /** GRXCLSRULE or SRXCLSRLDEL. */
    static Rxnfc at(int command, int location) {
        Rxnfc rxnfc = new Rxnfc(command, 0);
        rxnfc.octets.putInt(FS_LOCATION, location);
        return rxnfc;
    }

    /** SRXCLSRLINS. */
    static Rxnfc insert(RxRule rule, int location) {
        Rxnfc rxnfc = at(SRXCLSRLINS, location);
        rxnfc.octets.putInt(FS_FLOW_TYPE, rule.match().flowType().number());
        fields(rxnfc.octets.position(FS_FIELDS), rule.match(), false);
        fields(rxnfc.octets.position(FS_MASKS), rule.match(), true);
        rxnfc.octets.putLong(FS_RING_COOKIE, rule.queue()).rewind();
        return rxnfc;
    }

    /**
     * {@code struct ethtool_ah_espip4_spec} (ip4src, ip4dst, spi, tos), {@code ethtool_tcpip4_spec} (ip4src, ip4dst, psrc,
     * pdst, tos), and the same with addresses of 16 octets.
     *
     * @param mask all bits of what is matched, in place of its values
     */
    private static void fields(ByteBuffer at, RxMatch match, boolean mask) {
        NetlinkWriter out = new NetlinkWriter(at);
        if (match instanceof RxMatch.Esp esp) {
            out.zeros(esp.destination().octets().size());
            address(out, esp.destination(), mask);
            out.network32(mask ? -1 : esp.spi().value());
        } else if (match instanceof RxMatch.Udp udp) {
            address(out, udp.source(), mask);
            address(out, udp.destination(), mask);
            out.network16(mask ? 0xffff : udp.sourcePort()).network16(mask ? 0xffff : udp.destinationPort());
        } else {
            throw new AssertionError(match);
        }
    }

    private static void address(NetlinkWriter out, IpAddress address, boolean mask) {
        for (int i = 0; i < address.octets().size(); i++) {
            out.u8(mask ? 0xff : address.octets().at(i));
        }
    }

    ByteBuffer octets() {
        return octets;
    }

    /** What the command answers: rings, hash, size of the table. */
    int data() {
        return octets.getInt(DATA);
    }

    /** Of GRXCLSRLCNT: whether a rule may be put at {@link #RX_CLS_LOC_ANY}. */
    boolean driverChooses() {
        return (octets.getInt(DATA) & RX_CLS_LOC_SPECIAL) != 0;
    }

    int ruleCount() {
        return octets.getInt(RULE_CNT);
    }

    /** Of GRXCLSRLALL, from 0. */
    int ruleLocation(int index) {
        return octets.getInt(RULE_LOCS + 4 * index);
    }

    /** Of SRXCLSRLINS: where the rule is. */
    int location() {
        return octets.getInt(FS_LOCATION);
    }

    /** The rule that GRXCLSRULE showed, as far as it is one that we could have made. */
    Optional<RxRule> rule() {
        int type = octets.getInt(FS_FLOW_TYPE) & FLOW_TYPE_ONLY;
        for (FlowType each : FlowType.values()) {
            if (each.number() == type) {
                return match(each).map(match -> new RxRule(match, (int) octets.getLong(FS_RING_COOKIE)));
            }
        }
        return Optional.empty();
    }

    private Optional<RxMatch> match(FlowType type) {
        int size = type == FlowType.ESP4 || type == FlowType.UDP4 ? 4 : 16;
        IpAddress source = address(FS_FIELDS, size);
        IpAddress destination = address(FS_FIELDS + size, size);
        int behind = FS_FIELDS + 2 * size;
        return switch (type) {
            case ESP4, ESP6 -> EspSpi.of(octetsAt(behind, 4)).map(spi -> new RxMatch.Esp(destination, spi));
            case UDP4, UDP6 ->
                Optional.of(new RxMatch.Udp(source, network16(behind), destination, network16(behind + 2)));
            case AH_ESP4, AH_ESP6 -> Optional.empty();
        };
    }

    private IpAddress address(int at, int size) {
        return new IpAddress(octetsAt(at, size));
    }

    private Bytes octetsAt(int at, int size) {
        byte[] copy = new byte[size];
        octets.get(at, copy);
        return Bytes.wrap(copy);
    }

    private int network16(int at) {
        return ((octets.get(at) & 0xff) << 8) | (octets.get(at + 1) & 0xff);
    }
}
