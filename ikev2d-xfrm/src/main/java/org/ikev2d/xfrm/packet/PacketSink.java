package org.ikev2d.xfrm.packet;

import java.nio.ByteBuffer;

/** Takes packets that go into a TUN device. */
@FunctionalInterface
public interface PacketSink {
    /**
     * @param packet a {@code struct virtio_net_hdr} and a packet, between position and limit of a direct buffer; lent for
     *     the call
     */
    void write(ByteBuffer packet);
}
