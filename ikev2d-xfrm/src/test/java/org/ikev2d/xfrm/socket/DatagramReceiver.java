package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.ikev2d.xfrm.netlink.NetlinkException;

/** A bound Unix datagram socket, as the service manager has one. */
public final class DatagramReceiver implements AutoCloseable {
    private final FileDescriptor fd;

    /** @param path one that begins with {@code @} is in the abstract namespace */
    public DatagramReceiver(String path) throws NetlinkException {
        fd = FileDescriptor.checked("socket", LibC.CALLS.socket(1, 2, 0));
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        ByteBuffer address =
                FileDescriptor.direct(110).putShort((short) 1).put(name).rewind();
        if (name[0] == '@') {
            address.put(2, (byte) 0);
        }
        if (LibC.CALLS.bind(fd.number(), address, 2 + name.length) < 0) {
            throw NetlinkException.ofCall("bind", LibC.errno());
        }
        fd.setTimeout(SocketOption.SO_RCVTIMEO, 5000);
    }

    public String receive() throws NetlinkException {
        ByteBuffer datagram = FileDescriptor.direct(4096);
        ByteBuffer sender = FileDescriptor.direct(110);
        long size = LibC.CALLS.recvfrom(
                fd.number(), datagram, 4096, 0, sender, FileDescriptor.direct(4).putInt(0, 110));
        if (size < 0) {
            throw NetlinkException.ofCall("recvfrom", LibC.errno());
        }
        byte[] octets = new byte[(int) size];
        datagram.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        fd.close();
    }
}
