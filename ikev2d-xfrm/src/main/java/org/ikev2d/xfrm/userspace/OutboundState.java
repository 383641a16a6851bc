package org.ikev2d.xfrm.userspace;

import java.util.List;
import java.util.Optional;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.esp.OutboundSa;
import org.ikev2d.xfrm.esp.Sealer;
import org.ikev2d.xfrm.socket.SocketAddress;

/** An outbound SA, and the way that its packets take. Any thread, but for {@link #sealer}. */
final class OutboundState implements State {
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int UDP = 8;

    private final ReqId reqId;
    private final Optional<CpuId> unit;
    private final OutboundSa sa;
    private final int lane;

    /** By queue; each but the first that is made here is made by its worker when it first needs it. */
    private final Sealer[] sealers;

    /** Asked for sizes only. */
    private final Sealer sizes;

    private volatile SaId id;
    private volatile IpAddress source;
    private volatile boolean udp;
    private volatile Endpoint peer;
    private volatile SocketAddress to;
    private volatile int outerMtu;
    private volatile int innerMtu;
    private volatile boolean worn;

    /**
     * What it needs of those around.
     *
     * @param queue the first to use it
     * @param lane which of a worker's is that of its local address
     * @param pathMtu the longest packet that reaches the peer in one piece
     */
    record Surroundings(int queues, int queue, int lane, int pathMtu, Wear wear) {}

    OutboundState(SaSpec spec, Surroundings around) {
        id = spec.id();
        reqId = spec.reqId();
        unit = spec.cpu();
        sa = new OutboundSa(id.spi(), spec.suite(), spec.keys(), around.wear().meter(this, spec.limits()));
        lane = around.lane();
        sealers = new Sealer[around.queues()];
        sizes = sealer(around.queue());
        outerMtu = around.pathMtu();
        along(new OuterHeader(spec.source(), id.destination(), spec.encapsulation()));
    }

    /** For {@code queue}'s thread alone. */
    Sealer sealer(int queue) {
        Sealer sealer = sealers[queue];
        if (sealer == null) {
            sealer = sa.sealer();
            sealers[queue] = sealer;
        }
        return sealer;
    }

    /** Where its packets leave. */
    Lane.Exit exit(List<Lane> lanes) {
        return lanes.get(lane).exit(udp);
    }

    SocketAddress to() {
        return to;
    }

    /** Where its packets go: a port of 0 where they do not go in UDP. */
    Endpoint peer() {
        return peer;
    }

    /** From now on its packets go so. */
    void along(OuterHeader header) {
        id = new SaId(header.destination(), id.spi());
        source = header.source();
        udp = header.encapsulation().isPresent();
        peer = new Endpoint(
                header.destination(),
                header.encapsulation().map(Encapsulation::destinationPort).orElse(0));
        to = SocketAddress.of(peer);
        pathMtu(outerMtu);
    }

    /** The longest packet that leaves in one piece. */
    int innerMtu() {
        return innerMtu;
    }

    /** @param outer the longest packet that reaches the peer in one piece */
    void pathMtu(int outer) {
        outerMtu = outer;
        innerMtu = longest(outer - (source.isIpv4() ? IPV4 : IPV6) - (udp ? UDP : 0));
    }

    /** The longest inner packet that makes no more than {@code room} octets of ESP. */
    private int longest(int room) {
        int length = Math.max(0, 2 * room - sizes.sealedSize(Math.max(0, room)));
        while (length > 0 && sizes.sealedSize(length) > room) {
            length--;
        }
        while (sizes.sealedSize(length + 1) <= room) {
            length++;
        }
        return length;
    }

    /** Others are to be used where there are any. */
    void wear() {
        worn = true;
    }

    boolean isWorn() {
        return worn;
    }

    @Override
    public SaId id() {
        return id;
    }

    @Override
    public IpAddress source() {
        return source;
    }

    @Override
    public ReqId reqId() {
        return reqId;
    }

    @Override
    public Direction direction() {
        return Direction.OUT;
    }

    @Override
    public Optional<CpuId> unit() {
        return unit;
    }

    @Override
    public Optional<SaUsage> usage() {
        return Optional.of(sa.usage());
    }

    @Override
    public void close() {
        sa.close();
    }
}
