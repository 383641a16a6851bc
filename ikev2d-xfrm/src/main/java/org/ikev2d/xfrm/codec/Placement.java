package org.ikev2d.xfrm.codec;

import java.util.Optional;
import org.ikev2d.xfrm.netlink.NetlinkWriter;

/**
 * Where states and policies belong beyond addresses and reqid; part of what names them.
 *
 * @param ifId XFRMA_IF_ID of an xfrm interface, 0 for none
 * @param mark XFRMA_MARK that a packet must bear
 * @param offload XFRMA_OFFLOAD_DEV of states
 */
public record Placement(int ifId, Optional<Mark> mark, Optional<Offload> offload) {
    public static final Placement NONE = new Placement(0, Optional.empty(), Optional.empty());

    /**
     * {@code struct xfrm_mark}:
     *
     * <pre>
     * __u32 v;  0
     * __u32 m;  4  8
     * </pre>
     */
    public record Mark(int value, int mask) {
        void write(NetlinkWriter out) {
            out.u32(value).u32(mask);
        }
    }

    /**
     * {@code struct xfrm_user_offload}:
     *
     * <pre>
     * int  ifindex;  0
     * __u8 flags;    4  and 3 octets of padding: 8
     * </pre>
     *
     * @param packet XFRM_OFFLOAD_PACKET: the device does all of ESP, not its cryptography alone
     */
    public record Offload(int ifindex, boolean packet) {
        private static final int INBOUND = 2;
        private static final int PACKET = 4;

        void write(NetlinkWriter out, boolean inbound) {
            out.u32(ifindex).u8((inbound ? INBOUND : 0) | (packet ? PACKET : 0)).zeros(3);
        }
    }

    /** What names states and policies; not the offload. */
    void writeNaming(NetlinkWriter out) {
        mark.ifPresent(value -> out.attribute(XfrmAttribute.MARK.code(), value::write));
        if (ifId != 0) {
            out.attribute(XfrmAttribute.IF_ID.code(), value -> value.u32(ifId));
        }
    }

    void writeOffload(NetlinkWriter out, boolean inbound) {
        offload.ifPresent(
                device -> out.attribute(XfrmAttribute.OFFLOAD_DEV.code(), value -> device.write(value, inbound)));
    }
}
