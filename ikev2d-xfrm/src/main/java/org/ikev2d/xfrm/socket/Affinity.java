package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;

/** Which CPU a thread runs on. */
public final class Affinity {
    private Affinity() {}

    /** Keeps the calling thread to {@code cpu}; whether that worked. */
    public static boolean pin(int cpu) {
        ByteBuffer mask = FileDescriptor.direct(Math.max(128, cpu / 64 * 8 + 8));
        mask.putLong(cpu / 64 * 8, 1L << (cpu % 64));
        return LibC.CALLS.sched_setaffinity(0, mask.capacity(), mask) == 0;
    }
}
