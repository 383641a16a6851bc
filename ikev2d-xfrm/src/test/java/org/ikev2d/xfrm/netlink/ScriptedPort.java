package org.ikev2d.xfrm.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A kernel that answers as a test tells it to: each request takes the next script, and plays it. */
final class ScriptedPort implements NetlinkPort {
    /** One thing to receive. */
    interface Play {
        void into(ByteBuffer datagram, int sequence) throws NetlinkException;
    }

    final List<NetlinkHeader> requests = new ArrayList<>();
    /** The very buffers, to see what is left in them. */
    final List<ByteBuffer> buffers = new ArrayList<>();

    boolean closed;

    private final Deque<List<Play>> scripts = new ArrayDeque<>();
    private final Deque<Play> playing = new ArrayDeque<>();
    private int sequence;

    ScriptedPort answer(Play... script) {
        scripts.add(List.of(script));
        return this;
    }

    @Override
    public int number() {
        return 4711;
    }

    @Override
    public void send(ByteBuffer datagram) throws NetlinkException {
        try {
            NetlinkHeader header = NetlinkHeader.read(NetlinkReader.of(datagram, "request"));
            requests.add(header);
            sequence = header.sequence();
        } catch (org.ikev2d.core.bytes.DecodeException e) {
            throw new AssertionError(e);
        }
        buffers.add(datagram);
        playing.addAll(scripts.remove());
    }

    @Override
    public void receive(ByteBuffer datagram) throws NetlinkException {
        buffers.add(datagram);
        if (playing.isEmpty()) {
            throw NetlinkException.ofCall("recvfrom", Errno.EAGAIN.number());
        }
        datagram.clear().order(ByteOrder.nativeOrder());
        playing.remove().into(datagram, sequence);
        datagram.flip();
    }

    @Override
    public void close() {
        closed = true;
    }

    static Play fails(Errno errno) {
        return (datagram, sequence) -> {
            throw NetlinkException.ofCall("recvfrom", errno.number());
        };
    }

    /** NLMSG_ERROR with an extended acknowledgement, as with NETLINK_CAP_ACK. */
    static Play acknowledges(int errno, String text, int offset) {
        return (datagram, sequence) -> error(datagram, sequence, errno, text, offset);
    }

    static Play message(int type, int flags, int value) {
        return (datagram, sequence) -> put(datagram, type, flags, sequence, value);
    }

    static Play together(Play... plays) {
        return (datagram, sequence) -> {
            for (Play play : plays) {
                play.into(datagram, sequence);
            }
        };
    }

    /** What answers the request before. */
    static Play stale(Play play) {
        return (datagram, sequence) -> play.into(datagram, sequence - 1);
    }

    private static void put(ByteBuffer datagram, int type, int flags, int sequence, int value) {
        NetlinkWriter.message(datagram, type, flags, sequence, 4711, out -> out.u32(value));
    }

    private static void error(ByteBuffer datagram, int sequence, int errno, String text, int offset) {
        boolean more = !text.isEmpty() || offset != 0;
        int flags = NetlinkHeader.NLM_F_CAPPED | (more ? NetlinkHeader.NLM_F_ACK_TLVS : 0);
        NetlinkWriter.message(datagram, NetlinkHeader.NLMSG_ERROR, flags, sequence, 4711, out -> {
            out.u32(-errno).u32(16).u16(16).u16(5).u32(sequence).u32(4711);
            if (!text.isEmpty()) {
                out.attribute(1, value -> value.text(text, text.length() + 1));
            }
            if (offset != 0) {
                out.attribute(2, value -> value.u32(offset));
            }
        });
    }
}
