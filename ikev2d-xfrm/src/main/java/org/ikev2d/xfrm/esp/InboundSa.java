package org.ikev2d.xfrm.esp;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.wire.EspSpi;

/**
 * What the threads that open for one inbound ESP SA share: its keys, its replay window, its counters (RFC 4303 §3.4). Any
 * thread; each opens with an {@link Opener} of its own.
 */
public final class InboundSa implements AutoCloseable {
    private final EspSpi spi;
    private final EspSuite suite;
    private final EspKeys keys;
    private final ReplayWindow window;
    private final Meter meter;
    private final Map<EspDrop, LongAdder> drops = new EnumMap<>(EspDrop.class);
    private volatile boolean closed;

    /**
     * @param keys lent for the call; copies are taken, and erased on close
     * @param replayWindow packets, 32 to 4096
     * @throws IllegalArgumentException when the window is smaller or larger
     */
    public InboundSa(EspSpi spi, EspSuite suite, EspKeys keys, int replayWindow, Meter meter) {
        this(spi, suite, keys, new ReplayWindow(replayWindow, suite.esn()), meter);
    }

    InboundSa(EspSpi spi, EspSuite suite, EspKeys keys, ReplayWindow window, Meter meter) {
        this.spi = spi;
        this.suite = suite;
        this.keys = new EspKeys(keys.encryption().copy(), keys.integrity().copy());
        this.window = window;
        this.meter = meter;
        for (EspDrop reason : EspDrop.values()) {
            drops.put(reason, new LongAdder());
        }
    }

    public EspSpi spi() {
        return spi;
    }

    /**
     * For one thread.
     *
     * @throws IllegalStateException when the SA was closed
     */
    public synchronized Opener opener() {
        return new Opener(this, EspLayout.of(suite), EspCipher.of(suite, keys), window);
    }

    /** Inner packets that were delivered. */
    public SaUsage usage() {
        return meter.usage();
    }

    /** Packets that were not delivered, for this reason. */
    public long drops(EspDrop reason) {
        return drops.get(reason).sum();
    }

    /** Erases the keys. Openers drop everything from then on; what they hold of the keys goes when they are let go. */
    @Override
    public synchronized void close() {
        closed = true;
        keys.close();
    }

    boolean isClosed() {
        return closed;
    }

    boolean isWornOut() {
        return meter.isWornOut();
    }

    void delivered(int octets) {
        meter.count(octets);
    }

    void dropped(EspDrop reason) {
        drops.get(reason).increment();
    }
}
