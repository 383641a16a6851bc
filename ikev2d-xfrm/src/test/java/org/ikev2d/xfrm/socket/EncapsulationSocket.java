package org.ikev2d.xfrm.socket;

import java.nio.ByteBuffer;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.NetlinkException;

/** A UDP socket of IPv4 whose ESP packets the kernel takes, in the namespace of the thread that opens it. */
public final class EncapsulationSocket implements AutoCloseable {
    private static final int IPPROTO_IP = 0;
    private static final int IP_XFRM_POLICY = 17;
    private static final int IPPROTO_UDP = 17;
    private static final int UDP_ENCAP = 100;
    private static final int UDP_ENCAP_ESPINUDP = 2;

    private final FileDescriptor fd;

    public EncapsulationSocket(IpAddress address, int port) throws NetlinkException {
        fd = FileDescriptor.checked("socket", LibC.CALLS.socket(2, 2, 0));
        ByteBuffer name = FileDescriptor.direct(16)
                .putShort((short) 2)
                .put((byte) (port >> 8))
                .put((byte) port)
                .put(address.octets().toArray())
                .rewind();
        check("bind", LibC.CALLS.bind(fd.number(), name, 16));
    }

    public void takeEsp() throws NetlinkException {
        ByteBuffer type = FileDescriptor.direct(4).putInt(0, UDP_ENCAP_ESPINUDP);
        check("UDP_ENCAP", LibC.CALLS.setsockopt(fd.number(), IPPROTO_UDP, UDP_ENCAP, type, 4));
    }

    public void setPolicy(Bytes policy) throws NetlinkException {
        ByteBuffer octets =
                FileDescriptor.direct(policy.size()).put(policy.toArray()).rewind();
        check("IP_XFRM_POLICY", LibC.CALLS.setsockopt(fd.number(), IPPROTO_IP, IP_XFRM_POLICY, octets, policy.size()));
    }

    private static void check(String call, int result) throws NetlinkException {
        if (result < 0) {
            throw NetlinkException.ofCall(call, LibC.errno());
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
