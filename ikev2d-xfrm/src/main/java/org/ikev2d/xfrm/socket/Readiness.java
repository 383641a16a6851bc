package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Waits for descriptors with poll(2). For one thread. */
public final class Readiness {
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;

    /** {@code struct pollfd}: int fd, short events, short revents. */
    private static final int ENTRY = 8;

    private final ByteBuffer entries;
    private final int count;

    private Readiness(List<FileDescriptor> descriptors, short events) {
        count = descriptors.size();
        entries = FileDescriptor.direct(ENTRY * count);
        for (int i = 0; i < count; i++) {
            entries.putInt(i * ENTRY, descriptors.get(i).number()).putShort(i * ENTRY + 4, events);
        }
    }

    static Readiness toWrite(FileDescriptor descriptor) {
        return new Readiness(List.of(descriptor), POLLOUT);
    }

    /** Until {@code wakeUp} (0) is signalled, or there is something to read from {@code queue} (1) or a socket (2 on). */
    public static Readiness toRead(WakeUp wakeUp, TunQueue queue, List<DataSocket> sockets) {
        List<FileDescriptor> all = new ArrayList<>(List.of(wakeUp.descriptor(), queue.descriptor()));
        sockets.forEach(socket -> all.add(socket.descriptor()));
        return new Readiness(all, POLLIN);
    }

    /**
     * Waits.
     *
     * @param millis -1: without end
     * @return whether there is something; false when the time is over, or a signal came
     */
    public boolean await(int millis) {
        return LibC.CALLS.poll(entries, count, millis) > 0;
    }

    /** What the last wait found of descriptor {@code index}; errors count. */
    public boolean isReady(int index) {
        return entries.getShort(index * ENTRY + 6) != 0;
    }
}
