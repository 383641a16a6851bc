package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.xfrm.ethtool.EthtoolPort;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.netlink.NetlinkException;

/** A socket that is there for its ioctl alone, in the network namespace of the thread that opened it. */
public final class EthtoolSocket implements EthtoolPort, AutoCloseable {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SIOCETHTOOL = 0x8946;

    /** {@code struct ifreq}: char ifr_name[16], then a union of 24 octets, of which a pointer is the first 8. */
    private static final int IFREQ_SIZE = 40;

    private static final int IFNAMSIZ = 16;

    private final FileDescriptor fd;

    private EthtoolSocket(FileDescriptor fd) {
        this.fd = fd;
    }

    public static EthtoolSocket open() throws KernelException {
        try {
            return new EthtoolSocket(FileDescriptor.checked(
                    "socket(AF_INET)", LibC.CALLS.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
        } catch (NetlinkException e) {
            throw new KernelException("opening a socket for SIOCETHTOOL", e.errno(), e.getMessage());
        }
    }

    @Override
    public void call(String device, ByteBuffer command, String operation) throws KernelException {
        byte[] name = device.getBytes(StandardCharsets.UTF_8);
        if (name.length >= IFNAMSIZ) {
            throw new KernelException(operation, Errno.ENODEV.number(), Errno.describe(Errno.ENODEV.number()));
        }
        ByteBuffer ifreq = FileDescriptor.direct(IFREQ_SIZE).put(0, name).putLong(IFNAMSIZ, LibC.addressOf(command));
        int result;
        do {
            result = LibC.CALLS.ioctl(fd.number(), SIOCETHTOOL, ifreq);
        } while (result < 0 && FileDescriptor.interrupted());
        if (result < 0) {
            throw new KernelException(operation, LibC.errno(), Errno.describe(LibC.errno()));
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
