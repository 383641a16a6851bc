package org.ikev2d.xfrm.userspace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ikev2d.xfrm.esp.Opener;
import org.ikev2d.xfrm.packet.Coalescer;
import org.ikev2d.xfrm.packet.Ecn;
import org.ikev2d.xfrm.socket.DataSocket;
import org.ikev2d.xfrm.socket.ReceiveBatch;
import org.ikev2d.xfrm.socket.TunQueue;

/**
 * The way of one queue's packets in: received in batches, opened by the SA of their SPI, held against the policies, and
 * written to the device, those of one flow together. For one thread.
 */
final class Inbound {
    /** Then what goes out has its turn. */
    private static final int MOST_BATCHES = 4;

    private static final int MESSAGES = 16;
    private static final int SPI = 4;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final int queue;
    private final TunQueue device;
    private final Hub hub;
    private final ReceiveBatch batch = new ReceiveBatch(MESSAGES);
    private final byte[] received = new byte[ReceiveBatch.LONGEST];
    private final byte[] opened = new byte[ReceiveBatch.LONGEST];
    private final Flow flow = new Flow();
    private final Coalescer coalescer;

    /** @param largeUdp whether the device takes large UDP packets */
    Inbound(int queue, TunQueue device, boolean largeUdp, Hub hub) {
        this.queue = queue;
        this.device = device;
        this.hub = hub;
        this.coalescer = new Coalescer(this::deliver, largeUdp);
    }

    private void deliver(ByteBuffer packet) {
        if (device.write(packet) < 0) {
            hub.count(Drop.IN_NOT_DELIVERED);
        }
    }

    /** Takes what there is. */
    void drain(DataSocket socket, Tables tables) {
        for (int i = 0; i < MOST_BATCHES; i++) {
            int messages = batch.receive(socket);
            if (messages <= 0) {
                return;
            }
            for (int message = 0; message < messages; message++) {
                take(socket, message, tables);
            }
            coalescer.flush();
        }
    }

    private void take(DataSocket socket, int message, Tables tables) {
        int size = batch.select(message);
        if (size < 0) {
            hub.count(Drop.IN_NO_PACKET);
            return;
        }
        batch.copy(message, received, size);
        int at = socket.receivesIpHeader() ? (received[0] & 0xf) * 4 : 0;
        int each = batch.segment() - at;
        for (; at < size; at += each) {
            open(tables, message, at, Math.min(each, size - at));
        }
    }

    private void open(Tables tables, int message, int at, int length) {
        InboundState state = length < SPI ? null : tables.inbound((int) INT.get(received, at));
        if (state == null) {
            hub.count(length < SPI ? Drop.IN_NO_PACKET : Drop.IN_NO_SA);
            return;
        }
        Opener opener = state.opener(queue);
        int inner = opener.open(received, at, length, opened, 0);
        if (inner < 0) {
            hub.count(Drop.of(opener.drop()));
            return;
        }
        if (!batch.isFrom(message, state.from()) && batch.from(message).port() != 0) {
            hub.kernel().cameFrom(state, batch.from(message));
        }
        deliver(tables, state, inner);
    }

    private void deliver(Tables tables, InboundState state, int length) {
        if (!flow.read(opened, 0, length)) {
            hub.count(Drop.IN_BAD_PACKET);
            return;
        }
        int tos = Ecn.decapsulated(batch.tos(), flow.tos);
        if (tos == Ecn.DROP) {
            hub.count(Drop.IN_CONGESTION);
            return;
        }
        if (!tables.allowsInbound(flow, state.reqId())) {
            hub.count(Drop.IN_NO_POLICY);
            return;
        }
        if (tos != flow.tos) {
            Ecn.set(opened, 0, tos);
        }
        // What stands behind the packet only hid its length.
        coalescer.add(opened, 0, flow.length);
    }
}
