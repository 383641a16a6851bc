package org.ikev2d.xfrm.userspace;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.socket.DataSocket;

/** How long packets to each peer may be: the MTU of the way there, which the kernel learns from ICMP. Any thread. */
final class Paths {
    private static final int USUAL = 1500;

    private final Map<Path, Integer> known = new ConcurrentHashMap<>();

    private record Path(IpAddress local, IpAddress remote) {}

    /** Octets of IP packets, as last found. */
    int mtu(IpAddress local, IpAddress remote) {
        return known.computeIfAbsent(new Path(local, remote), Paths::ask);
    }

    /** Asks again. */
    void refresh() {
        known.replaceAll((path, mtu) -> ask(path));
    }

    private static int ask(Path path) {
        return DataSocket.pathMtu(path.local(), path.remote(), Routing.MARK).orElse(USUAL);
    }
}
