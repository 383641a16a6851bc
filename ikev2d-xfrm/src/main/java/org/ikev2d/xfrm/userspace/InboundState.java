package org.ikev2d.xfrm.userspace;

import java.util.Optional;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.esp.InboundSa;
import org.ikev2d.xfrm.esp.Opener;
import org.ikev2d.xfrm.socket.SocketAddress;

/** An inbound SA, and where its packets come from. Any thread, but for {@link #opener}. */
final class InboundState implements State {
    /** Where a replay window is not asked for: the least that there is. */
    private static final int SMALLEST_WINDOW = 32;

    private final SaId id;
    private final IpAddress source;
    private final ReqId reqId;
    private final Optional<CpuId> unit;
    private final InboundSa sa;
    private final int spi;

    /** By queue; each is made by its worker when it first needs it. */
    private final Opener[] openers;

    private volatile Endpoint peer;
    private volatile SocketAddress from;

    InboundState(SaSpec spec, int queues, Wear wear) {
        id = spec.id();
        source = spec.source();
        reqId = spec.reqId();
        unit = spec.cpu();
        spi = id.spi().value();
        sa = new InboundSa(
                id.spi(),
                spec.suite(),
                spec.keys(),
                Math.max(spec.replayWindow(), SMALLEST_WINDOW),
                wear.meter(this, spec.limits()));
        openers = new Opener[queues];
        int port = spec.encapsulation().map(Encapsulation::sourcePort).orElse(0);
        comeFrom(new Endpoint(source, port));
    }

    int spi() {
        return spi;
    }

    /** For {@code queue}'s thread alone. */
    Opener opener(int queue) {
        Opener opener = openers[queue];
        if (opener == null) {
            opener = sa.opener();
            openers[queue] = opener;
        }
        return opener;
    }

    /** Where packets in UDP come from. */
    SocketAddress from() {
        return from;
    }

    /** Where packets come from: a port of 0 where they do not come in UDP. */
    Endpoint peer() {
        return peer;
    }

    /** From now on its packets come from there. */
    void comeFrom(Endpoint other) {
        peer = other;
        from = SocketAddress.of(other);
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
        return Direction.IN;
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
