package org.ikev2d.xfrm.packet;

import java.nio.ByteBuffer;

/**
 * Makes few large packets of many that came together, for a device that takes them (TUN_F_TSO4, TUN_F_TSO6, TUN_F_USO4,
 * TUN_F_USO6): what Linux calls generic receive offload. Order within a flow is kept; what does not go with others goes
 * as it is. Only packets whose checksum is right are put together, because the large one's is made anew. For one thread.
 */
public final class Coalescer {
    private static final int FLOWS = 8;
    private static final int LONGEST = 65_535;

    private final PacketSink sink;
    private final boolean udp;
    private final Candidate candidate = new Candidate();
    private final Train[] trains = new Train[FLOWS];
    private final ByteBuffer single = ByteBuffer.allocateDirect(VirtioNetHeader.SIZE + LONGEST);

    /** The train that gives way when all are taken. */
    private int oldest;

    /** @param udp whether the device takes large UDP packets, too */
    public Coalescer(PacketSink sink, boolean udp) {
        this.sink = sink;
        this.udp = udp;
        for (int i = 0; i < FLOWS; i++) {
            trains[i] = new Train();
        }
    }

    /** Takes one IP packet of at most 65535 octets, which may go out at once or with {@link #flush}. */
    public void add(byte[] octets, int at, int length) {
        boolean fits = candidate.read(octets, at, length) && (udp || candidate.protocol != Candidate.UDP);
        Train train = candidate.hasFlow ? trainOf(candidate) : null;
        if (train != null && fits && train.append(candidate)) {
            if (train.isClosed()) {
                train.leave(sink);
            }
            return;
        }
        if (train != null) {
            train.leave(sink);
        }
        if (fits && !candidate.push) {
            begin(train == null ? free() : train);
        } else {
            pass(octets, at, length);
        }
    }

    private void begin(Train train) {
        train.begin(candidate);
    }

    private Train trainOf(Candidate packet) {
        for (Train train : trains) {
            if (train.isFlowOf(packet)) {
                return train;
            }
        }
        return null;
    }

    private Train free() {
        for (Train train : trains) {
            if (train.isEmpty()) {
                return train;
            }
        }
        Train train = trains[oldest];
        oldest = (oldest + 1) % FLOWS;
        train.leave(sink);
        return train;
    }

    private void pass(byte[] octets, int at, int length) {
        single.clear();
        for (int i = 0; i < VirtioNetHeader.SIZE; i++) {
            single.put(i, (byte) 0);
        }
        single.put(VirtioNetHeader.SIZE, octets, at, length);
        sink.write(single.limit(VirtioNetHeader.SIZE + length));
    }

    /** Lets go of all that still waits for more. */
    public void flush() {
        for (Train train : trains) {
            if (!train.isEmpty()) {
                train.leave(sink);
            }
        }
    }
}
