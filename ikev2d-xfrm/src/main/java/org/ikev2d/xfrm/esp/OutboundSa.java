package org.ikev2d.xfrm.esp;

import java.util.concurrent.atomic.AtomicLong;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.wire.EspSpi;

/**
 * What the threads that seal for one outbound ESP SA share: its keys, its sequence numbers, its counters (RFC 4303 §3.3).
 * Any thread; each seals with a {@link Sealer} of its own.
 *
 * <p>Running out of sequence numbers is told as limits are: the soft one at 15/16 of them, the hard one with the last.
 */
public final class OutboundSa implements AutoCloseable {
    /** Instead of a sequence number. */
    static final long REFUSED = 0;

    private static final long LAST_SHORT = 0xffff_ffffL;

    private final EspSpi spi;
    private final EspSuite suite;
    private final EspKeys keys;
    private final Meter meter;
    private final IvSeed ivSeed;
    private final AtomicLong sequence;
    private final long softSequence;
    private final long lastSequence;
    private volatile boolean closed;

    /** @param keys lent for the call; copies are taken, and erased on close */
    public OutboundSa(EspSpi spi, EspSuite suite, EspKeys keys, Meter meter) {
        this(spi, suite, keys, meter, new Start(0, IvSeed.fresh(suite)));
    }

    /** @param sequence the last number that was used */
    record Start(long sequence, IvSeed ivSeed) {}

    OutboundSa(EspSpi spi, EspSuite suite, EspKeys keys, Meter meter, Start start) {
        this.spi = spi;
        this.suite = suite;
        this.keys = new EspKeys(keys.encryption().copy(), keys.integrity().copy());
        this.meter = meter;
        this.ivSeed = start.ivSeed();
        this.sequence = new AtomicLong(start.sequence());
        this.lastSequence = suite.esn() ? Long.MAX_VALUE : LAST_SHORT;
        this.softSequence = lastSequence - lastSequence / 16;
    }

    public EspSpi spi() {
        return spi;
    }

    /**
     * For one thread.
     *
     * @throws IllegalStateException when the SA was closed
     */
    public synchronized Sealer sealer() {
        return new Sealer(this, EspLayout.of(suite), EspCipher.of(suite, keys), ivSeed);
    }

    /** Inner packets that were sealed. */
    public SaUsage usage() {
        return meter.usage();
    }

    /** Erases the keys. Sealers refuse from then on; what they hold of the keys goes when they are let go. */
    @Override
    public synchronized void close() {
        closed = true;
        keys.close();
    }

    /** The next sequence number, or {@link #REFUSED}. */
    long claim() {
        if (closed || meter.isWornOut()) {
            return REFUSED;
        }
        long claimed = sequence.incrementAndGet();
        if (claimed == softSequence) {
            meter.reach(false);
        }
        return claimed > 0 && claimed <= lastSequence ? claimed : REFUSED;
    }

    void sealed(long claimed, int octets) {
        meter.count(octets);
        if (claimed == lastSequence) {
            meter.reach(true);
        }
    }

    SealRefusal refusal() {
        if (closed) {
            return SealRefusal.CLOSED;
        }
        long used = sequence.get();
        return used < 0 || used >= lastSequence ? SealRefusal.SEQUENCE_EXHAUSTED : SealRefusal.WORN_OUT;
    }
}
