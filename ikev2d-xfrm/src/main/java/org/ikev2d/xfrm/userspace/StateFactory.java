package org.ikev2d.xfrm.userspace;

import java.util.List;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.Errno;

/**
 * Makes states for which there are sockets.
 *
 * @param natPorts one for each local address
 */
record StateFactory(List<Endpoint> natPorts, Traits traits, Units units, Paths paths)
        implements UserspaceKernel.StateMaker {
    @Override
    public State make(SaSpec sa, Wear wear) throws KernelException {
        boolean outbound = sa.direction() == Direction.OUT;
        int lane = lane(sa, outbound ? sa.source() : sa.id().destination(), outbound);
        try {
            if (!outbound) {
                return new InboundState(sa, units.count(), wear);
            }
            int queue = sa.cpu().map(unit -> units.queueOf(unit).orElseThrow()).orElse(0);
            int mtu = paths.mtu(sa.source(), sa.id().destination());
            return new OutboundState(sa, new OutboundState.Surroundings(units.count(), queue, lane, mtu, wear));
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw refusal(sa, Errno.EINVAL, e.getMessage());
        }
    }

    /** Which of a worker's is that of the SA's local address. */
    private int lane(SaSpec sa, IpAddress local, boolean outbound) throws KernelException {
        if (sa.encapsulation().isEmpty() && traits.udpOnly().isPresent()) {
            throw refusal(
                    sa,
                    Errno.EOPNOTSUPP,
                    "ESP cannot go without UDP here (" + traits.udpOnly().get() + "); write encap = \"yes\"");
        }
        int port = sa.encapsulation()
                .map(outbound ? Encapsulation::sourcePort : Encapsulation::destinationPort)
                .orElse(0);
        for (int i = 0; i < natPorts.size(); i++) {
            Endpoint ours = natPorts.get(i);
            if (ours.address().equals(local) && (port == 0 || port == ours.port())) {
                return i;
            }
        }
        throw refusal(sa, Errno.EADDRNOTAVAIL, "no socket of ours is at " + new Endpoint(local, port));
    }

    private static KernelException refusal(SaSpec sa, Errno errno, String why) {
        return new KernelException("NEWSA " + sa.id().spi() + " to " + sa.id().destination(), errno.number(), why);
    }
}
