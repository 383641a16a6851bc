package org.ikev2d.xfrm.userspace;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
import org.ikev2d.xfrm.esp.InboundSa;
import org.ikev2d.xfrm.esp.Opener;
import org.ikev2d.xfrm.socket.SocketAddress;

/** An inbound SA, and where its packets come from. Any thread, but for {@link #opener}. */
final class InboundState implements State {
    /** Where a replay window is not asked for: the least that there is. */
    private static final int SMALLEST_WINDOW = 32;

    private static final long BETWEEN_WORDS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ReqId reqId;
    private final Optional<CpuId> unit;
    private final InboundSa sa;
    private final int spi;

    /** By queue; each is made by its worker when it first needs it. */
    private final Opener[] openers;

    private volatile SaId id;
    private volatile Endpoint peer;
    private volatile SocketAddress from;
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    InboundState(SaSpec spec, int queues, Wear wear) {
        id = spec.id();
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
        along(new OuterHeader(spec.source(), id.destination(), spec.encapsulation()));
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

    /** From now on its packets come so. */
    void along(OuterHeader header) {
        id = new SaId(header.destination(), id.spi());
        peer = new Endpoint(
                header.source(),
                header.encapsulation().map(Encapsulation::sourcePort).orElse(0));
        from = SocketAddress.of(peer);
    }

    /** Whether it is time to say again that packets come from elsewhere: each one does until that is heard. */
    boolean isToBeTold() {
        long now = System.nanoTime();
        long until = quietUntil.get();
        return now - until >= 0 && quietUntil.compareAndSet(until, now + BETWEEN_WORDS);
    }

    @Override
    public SaId id() {
        return id;
    }

    @Override
    public IpAddress source() {
        return peer.address();
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
