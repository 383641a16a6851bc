package org.ikev2d.xfrm.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.ikev2d.xfrm.netlink.NetlinkException;

/** Unix datagram sockets, which the JDK does not have. */
public final class UnixDatagrams {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** {@code sun_path}. */
    private static final int PATH_SIZE = 108;

    private static final int FAMILY_SIZE = 2;

    private UnixDatagrams() {}

    /**
     * Sends one datagram, and does not wait for a receiver that is slow.
     *
     * @param path of the receiving socket; one that begins with {@code @} is in the abstract namespace
     */
    public static void send(String path, byte[] octets) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = name.length > 0 && name[0] == '@';
        if (name.length == 0 || name.length > (isAbstract ? PATH_SIZE : PATH_SIZE - 1)) {
            throw new IOException(path + " is no name of a socket");
        }
        if (isAbstract) {
            name[0] = 0;
        }
        ByteBuffer address = FileDescriptor.direct(FAMILY_SIZE + PATH_SIZE);
        address.putShort((short) AF_UNIX).put(name).rewind();
        ByteBuffer datagram = FileDescriptor.direct(octets.length).put(octets).rewind();
        int addressSize = FAMILY_SIZE + name.length + (isAbstract ? 0 : 1);
        try (FileDescriptor fd =
                FileDescriptor.checked("socket(AF_UNIX)", LibC.CALLS.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))) {
            long sent;
            do {
                sent = LibC.CALLS.sendto(
                        fd.number(), datagram, octets.length, MSG_NOSIGNAL | MSG_DONTWAIT, address, addressSize);
            } while (sent < 0 && FileDescriptor.interrupted());
            if (sent < 0) {
                throw NetlinkException.ofCall("sendto(" + path + ")", LibC.errno());
            }
        } catch (NetlinkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
