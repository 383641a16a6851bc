package org.ikev2d.xfrm.userspace;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.xfrm.esp.Sealer;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.packet.Ecn;
import org.ikev2d.xfrm.packet.Fragments;
import org.ikev2d.xfrm.packet.Segmenter;
import org.ikev2d.xfrm.packet.TooBig;
import org.ikev2d.xfrm.socket.SendBatch;
import org.ikev2d.xfrm.socket.TunDevice;
import org.ikev2d.xfrm.socket.TunQueue;

/**
 * The way of one queue's packets out: read from the device, matched with a policy, taken apart, sealed, and sent in
 * batches. What has no SA waits, or goes nowhere. For one thread.
 */
final class Outbound {
    /** Then what came in has its turn. */
    private static final int MOST_READS = 64;

    private static final int NEXT_IPV4 = 4;
    private static final int NEXT_IPV6 = 41;
    private static final int LEAST_IPV6_MTU = 1280;
    private static final int LONGEST_READ = TunDevice.HEADER + 65_535;

    /** Room for what ESP adds. */
    private static final int LONGEST_ESP = 65_535 + 512;

    private final int queue;
    private final TunQueue device;
    private final List<Lane> lanes;
    private final Hub hub;

    private final ByteBuffer read = ByteBuffer.allocateDirect(LONGEST_READ);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(TunDevice.HEADER + TooBig.LONGEST);
    private final byte[] octets = new byte[LONGEST_READ];
    private final byte[] sealed = new byte[LONGEST_ESP];
    private final Flow flow = new Flow();
    private final Segmenter segmenter = new Segmenter();
    private final Fragments fragments = new Fragments();
    private final HeldPackets held = new HeldPackets();

    Outbound(int queue, TunQueue device, List<Lane> lanes, Hub hub) {
        this.queue = queue;
        this.device = device;
        this.lanes = lanes;
        this.hub = hub;
    }

    boolean holds() {
        return !held.isEmpty();
    }

    /**
     * Sends what there is.
     *
     * @return 0, or the negative errno that the device gave
     */
    int drain(Tables tables) {
        if (holds()) {
            hub.count(Drop.OUT_NO_SA, held.release(System.nanoTime(), packet -> {
                System.arraycopy(packet, 0, octets, 0, packet.length);
                take(tables, packet.length);
            }));
        }
        int size = 0;
        for (int i = 0; i < MOST_READS; i++) {
            size = device.read(read);
            if (size < 0) {
                break;
            }
            read.get(0, octets, 0, size);
            take(tables, size);
        }
        flush();
        return Math.min(size, 0);
    }

    /** One packet as it was read, perhaps a large one that stands for many. */
    private void take(Tables tables, int size) {
        if (!flow.read(octets, TunDevice.HEADER, size - TunDevice.HEADER)) {
            hub.count(Drop.OUT_NO_PACKET);
            return;
        }
        OutPolicy policy = tables.outbound(flow);
        if (policy == null) {
            hub.count(Drop.OUT_NO_POLICY);
            return;
        }
        OutboundState state = policy.stateFor(queue);
        if (state == null) {
            long now = System.nanoTime();
            if (policy.questions().askForAny(now)) {
                ask(policy, Optional.empty());
            }
            if (!held.hold(octets, size, now)) {
                hub.count(Drop.OUT_NO_SA);
            }
            return;
        }
        if (policy.lacksOwn(queue) && policy.questions().askFor(queue, System.nanoTime())) {
            ask(policy, Optional.of(hub.unit(queue)));
        }
        send(state, size);
    }

    private void ask(OutPolicy policy, Optional<CpuId> unit) {
        hub.tell(new KernelEvent.Acquire(hub.nextQuestion(), policy.spec().reqId(), unit, flow.selector()));
    }

    private void send(OutboundState state, int size) {
        if (!segmenter.begin(octets, 0, size)) {
            hub.count(Drop.OUT_NO_PACKET);
            return;
        }
        int mtu = state.innerMtu();
        while (segmenter.next()) {
            if (segmenter.length() <= mtu) {
                seal(state, segmenter.at(), segmenter.length(), flow.dontFragment);
            } else if (!sendLong(state, mtu)) {
                return;
            }
        }
    }

    /** Returns whether it is worth going on with what the packet stands for. */
    private boolean sendLong(OutboundState state, int mtu) {
        if (!flow.ipv4 && mtu < LEAST_IPV6_MTU && segmenter.length() <= LEAST_IPV6_MTU) {
            // Its sender need not send shorter ones (RFC 8200 §5): so the outer packet is cut.
            seal(state, segmenter.at(), segmenter.length(), false);
            return true;
        }
        if (flow.dontFragment) {
            hub.count(Drop.OUT_TOO_LONG);
            answerTooLong(flow.ipv4 ? mtu : Math.max(mtu, LEAST_IPV6_MTU));
            return false;
        }
        if (fragments.begin(octets, segmenter.at(), segmenter.length(), mtu)) {
            while (fragments.next()) {
                seal(state, fragments.at(), fragments.length(), false);
            }
        } else {
            hub.count(Drop.OUT_TOO_LONG);
        }
        return true;
    }

    private void answerTooLong(int mtu) {
        int length = TooBig.answer(octets, segmenter.at(), segmenter.length(), mtu, sealed, 0);
        if (length > 0) {
            answer.clear()
                    .put(new byte[TunDevice.HEADER])
                    .put(sealed, 0, length)
                    .flip();
            device.write(answer);
        }
    }

    private void seal(OutboundState state, int at, int length, boolean whole) {
        Sealer sealer = state.sealer(queue);
        int size = sealer.seal(octets, at, length, flow.ipv4 ? NEXT_IPV4 : NEXT_IPV6, sealed, 0);
        if (size < 0) {
            hub.count(Drop.OUT_WORN_OUT);
            return;
        }
        state.exit(lanes).waiting().add(sealed, 0, size, state.to(), Ecn.encapsulated(flow.tos), whole);
    }

    private void flush() {
        for (Lane lane : lanes) {
            for (Lane.Exit exit : lane.exits()) {
                flush(exit.waiting());
            }
        }
    }

    private void flush(SendBatch batch) {
        batch.flush();
        int refusal = batch.takeRefusal();
        if (refusal != 0) {
            hub.count(Drop.OUT_NOT_SENT, batch.takeDropped());
            if (Errno.EMSGSIZE.is(refusal)) {
                hub.lookAtPaths();
            }
        }
    }
}
