package org.ikev2d.xfrm.codec;

import java.util.Optional;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/** The bodies of requests about ESP states. */
public final class SaRequests {
    /** What the header's own {@code replay_window} can say. */
    private static final int LARGEST_PLAIN_WINDOW = 32;

    /** For outbound ESN states without a direction, of which the kernel wants some window. */
    private static final int TOKEN_WINDOW = 32;

    /** Seconds. */
    private static final int NEVER = 0xffff_ffff;

    private SaRequests() {}

    /**
     * The body of XFRM_MSG_NEWSA and XFRM_MSG_UPDSA. With a direction the kernel wants an outbound state to have no
     * replay window at all; without, an ESN state must have one.
     *
     * @param withDirection whether the kernel knows XFRMA_SA_DIR (Linux 6.10), without which it refuses XFRMA_SA_PCPU
     */
    public static void install(NetlinkWriter out, SaSpec sa, boolean withDirection, Placement placement) {
        boolean inbound = sa.direction() == Direction.IN;
        boolean esn = sa.suite().esn();
        int window = inbound ? sa.replayWindow() : 0;
        if (esn && !inbound && !withDirection) {
            window = TOKEN_WINDOW;
        }
        boolean bitmap = esn || window > LARGEST_PLAIN_WINDOW;
        IpAddress destination = sa.id().destination();
        boolean tunnel = sa.mode() == EspMode.TUNNEL;
        // A state in transport mode is of one family, and the kernel takes its own for an empty selector's.
        int families = tunnel ? UserSaInfo.FLAG_AF_UNSPEC : 0;
        new UserSaInfo(
                        XfrmSelector.any(AddressFamily.UNSPEC),
                        new XfrmId(XfrmAddress.of(destination), sa.id().spi().value(), IpProtocol.ESP),
                        XfrmAddress.of(sa.source()),
                        LifetimeConfig.of(sa.limits()),
                        LifetimeCurrent.NONE,
                        XfrmStats.NONE,
                        sa.acquireSequence(),
                        sa.reqId().value(),
                        AddressFamily.of(destination),
                        tunnel ? UserSaInfo.MODE_TUNNEL : UserSaInfo.MODE_TRANSPORT,
                        bitmap ? 0 : window,
                        families | (esn ? UserSaInfo.FLAG_ESN : 0))
                .write(out);
        EspAlgorithms.write(out, sa.suite(), sa.keys());
        encapsulation(out, sa.encapsulation(), inbound);
        if (bitmap) {
            ReplayStateEsn replay = ReplayStateEsn.fresh(window);
            out.attribute(XfrmAttribute.REPLAY_ESN_VAL.code(), replay::write);
        }
        placement.writeOffload(out, inbound);
        placement.writeNaming(out);
        if (withDirection) {
            direction(out, sa.direction());
        }
        sa.cpu().ifPresent(cpu -> out.attribute(XfrmAttribute.SA_PCPU.code(), value -> value.u32(cpu.number())));
    }

    /** Where an inbound state takes any port, XFRM_MSG_MAPPING is for the first packet from each, not for each packet. */
    static void encapsulation(NetlinkWriter out, Optional<Encapsulation> ports, boolean inbound) {
        ports.ifPresent(some -> out.attribute(
                XfrmAttribute.ENCAP.code(), value -> EncapTemplate.of(some).write(value)));
        if (inbound && ports.filter(some -> some.sourcePort() == 0).isPresent()) {
            out.attribute(XfrmAttribute.MTIMER_THRESH.code(), value -> value.u32(NEVER));
        }
    }

    /**
     * The body of XFRM_MSG_ALLOCSPI for an inbound state. The direction must be in it: a state that has one does not
     * take the place of a reservation that has none (ESRCH).
     */
    public static void allocateSpi(
            NetlinkWriter out,
            IpAddress source,
            IpAddress destination,
            ReqId reqId,
            int low,
            int high,
            Placement placement) {
        UserSaInfo info = new UserSaInfo(
                XfrmSelector.any(AddressFamily.UNSPEC),
                new XfrmId(XfrmAddress.of(destination), 0, IpProtocol.ESP),
                XfrmAddress.of(source),
                LifetimeConfig.NONE,
                LifetimeCurrent.NONE,
                XfrmStats.NONE,
                0,
                reqId.value(),
                AddressFamily.of(destination),
                UserSaInfo.MODE_TUNNEL,
                0,
                0);
        new UserSpiInfo(info, low, high).write(out);
        placement.writeNaming(out);
        direction(out, Direction.IN);
    }

    /** The body of XFRM_MSG_GETSA for one state, and of XFRM_MSG_DELSA. */
    public static void name(NetlinkWriter out, SaId id, Optional<IpAddress> source, Placement placement) {
        UserSaId.of(id).write(out);
        source.ifPresent(address -> out.attribute(
                XfrmAttribute.SRCADDR.code(), value -> XfrmAddress.of(address).write(value)));
        placement.writeNaming(out);
    }

    /** The body of XFRM_MSG_GETSA for all ESP states: attributes, without a structure in front. */
    public static void dump(NetlinkWriter out) {
        out.attribute(XfrmAttribute.PROTO.code(), value -> value.u8(IpProtocol.ESP));
    }

    /** Adds XFRMA_SA_PCPU to an XFRM_MSG_ALLOCSPI. */
    public static void cpu(NetlinkWriter out, int number) {
        out.attribute(XfrmAttribute.SA_PCPU.code(), value -> value.u32(number));
    }

    private static void direction(NetlinkWriter out, Direction direction) {
        out.attribute(XfrmAttribute.SA_DIR.code(), value -> value.u8(DirectionCode.ofState(direction)));
    }
}
