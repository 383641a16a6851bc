package org.ikev2d.xfrm.socket;

import org.ikev2d.core.net.Endpoint;

/** The first socket of a NAT port's group, as the daemon's IKE has it; in the namespace of the thread that opens it. */
public final class IkePort implements AutoCloseable {
    private final FileDescriptor fd;

    /** Lets {@link SpiQueues} or the data plane itself share it out. */
    @FunctionalInterface
    public interface Sharing {
        void share(int descriptor) throws Exception;
    }

    public IkePort(Endpoint local, Sharing sharing) throws Exception {
        int family = local.address().isIpv4() ? SocketAddress.AF_INET : SocketAddress.AF_INET6;
        fd = FileDescriptor.opened("socket", LibC.CALLS.socket(family, 2, 17));
        SocketAddress address = SocketAddress.of(local);
        if (!fd.trySet(SocketOption.SO_REUSEPORT, 1)) {
            throw SystemCallException.ofLast("SO_REUSEPORT");
        }
        sharing.share(fd.number());
        SystemCallException.check("bind", LibC.CALLS.bind(fd.number(), address.direct(), address.size()));
    }

    @Override
    public void close() {
        fd.close();
    }
}
