package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;

/**
 * One queue of a {@link TunDevice}: IP packets, each behind a {@code struct virtio_net_hdr}. Never waits. One thread
 * reads, one thread writes.
 */
public final class TunQueue implements AutoCloseable {
    private final FileDescriptor fd;

    TunQueue(FileDescriptor fd) {
        this.fd = fd;
    }

    /**
     * Reads one packet that the kernel sends into the device, into the direct buffer {@code octets} from its first octet
     * on.
     *
     * @return its size with the header before it, or a negative errno
     */
    public int read(ByteBuffer octets) {
        long size = LibC.CALLS.read(fd.number(), octets.clear(), octets.capacity());
        return size < 0 ? -LibC.errno() : (int) size;
    }

    /**
     * Hands the kernel one packet as received by the device.
     *
     * @param octets direct; what is between its position and its limit is header and packet
     * @return 0, or a negative errno
     */
    public int write(ByteBuffer octets) {
        long size = LibC.CALLS.write(fd.number(), octets, octets.remaining());
        return size < 0 ? -LibC.errno() : 0;
    }

    FileDescriptor descriptor() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }
}
