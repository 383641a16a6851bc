package org.ikev2d.xfrm.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ikev2d.core.bytes.DecodeException;
import org.junit.jupiter.api.Test;

class AcknowledgementTest {
    private static final String TEXT = "Requested type not found";

    @Test
    void theRequestsBodyIsSteppedOver() throws DecodeException {
        ByteBuffer octets = ByteBuffer.allocateDirect(256);
        NetlinkWriter.message(octets, NetlinkHeader.NLMSG_ERROR, NetlinkHeader.NLM_F_ACK_TLVS, 1, 0, out -> {
            out.u32(-93).u32(21).u16(16).u16(5).u32(1).u32(0);
            out.octets(new byte[] {9, 9, 9, 9, 9}).zeros(3);
            out.attribute(1, value -> value.text(TEXT, TEXT.length() + 1));
            out.attribute(2, value -> value.u32(96));
        });
        assertThat(read(octets)).isEqualTo(new Acknowledgement(93, TEXT, 96));
    }

    @Test
    void everyTruncationIsReadOrRefused() throws DecodeException {
        ByteBuffer octets = ByteBuffer.allocateDirect(256);
        NetlinkWriter.message(
                octets,
                NetlinkHeader.NLMSG_ERROR,
                NetlinkHeader.NLM_F_ACK_TLVS | NetlinkHeader.NLM_F_CAPPED,
                1,
                0,
                out -> {
                    out.u32(-93).u32(21).u16(16).u16(5).u32(1).u32(0);
                    out.attribute(1, value -> value.text(TEXT, TEXT.length() + 1));
                    out.attribute(2, value -> value.u32(96));
                });
        int whole = octets.position();
        for (int size = NetlinkHeader.SIZE; size < whole; size++) {
            ByteBuffer cut = ByteBuffer.allocateDirect(size);
            cut.put(octets.duplicate().limit(size).position(0)).position(size);
            cut.order(ByteOrder.nativeOrder()).putInt(0, size);
            try {
                assertThat(read(cut).errno()).isEqualTo(93);
            } catch (DecodeException e) {
                assertThat(e.offset()).isLessThanOrEqualTo(size);
            }
        }
    }

    private static Acknowledgement read(ByteBuffer written) throws DecodeException {
        ByteBuffer octets = written.duplicate();
        octets.flip();
        return Acknowledgement.ofError(
                new NetlinkMessage.Datagram(octets).next().orElseThrow());
    }
}
