package org.ikev2d.daemon.net;

import io.netty.buffer.ByteBuf;
import org.ikev2d.core.bytes.Bytes;

/** How IKE, ESP and keepalives share the NAT port (RFC 3948 §2, RFC 7296 §3.1); on the IKE port there is IKE alone. */
final class Framing {
    static final int MARKER_OCTETS = 4;

    private static final byte KEEPALIVE = (byte) 0xff;

    private Framing() {}

    /** What a datagram is. */
    enum Kind {
        IKE,
        KEEPALIVE,
        ESP,
        EMPTY,
        /** Less than a marker and an octet. */
        RUNT
    }

    static Kind onIkePort(ByteBuf datagram) {
        return datagram.isReadable() ? Kind.IKE : Kind.EMPTY;
    }

    static Kind onNatPort(ByteBuf datagram) {
        int size = datagram.readableBytes();
        int start = datagram.readerIndex();
        if (size == 0) {
            return Kind.EMPTY;
        }
        if (size == 1 && datagram.getByte(start) == KEEPALIVE) {
            return Kind.KEEPALIVE;
        }
        if (size >= MARKER_OCTETS && datagram.getInt(start) != 0) {
            return Kind.ESP;
        }
        return size > MARKER_OCTETS ? Kind.IKE : Kind.RUNT;
    }

    /** {@code octets} as they go out, the caller's own. */
    static byte[] frame(Bytes octets, boolean marker) {
        int offset = marker ? MARKER_OCTETS : 0;
        byte[] framed = new byte[offset + octets.size()];
        octets.copyTo(framed, offset);
        return framed;
    }

    static byte[] keepalive() {
        return new byte[] {KEEPALIVE};
    }
}
