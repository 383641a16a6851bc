package org.ikev2d.xfrm.esp;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.core.registry.Integrity;

/**
 * How many packets of 1400 octets one core seals and opens in a second, beside what the JDK's ciphers alone do on the same
 * arrays in the same run, in turns; and how many octets each allocates. Medians.
 */
final class EspThroughput {
    private static final int INNER = 1400;
    private static final int ROOM = 2048;
    /** Packets in a batch: more than the nearest caches hold. */
    private static final int BATCH = 512;

    private static final int WARM_UP = 3;
    private static final int TURNS = 7;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final EspSuite suite;
    private final EspKeys keys;
    private final RawCiphers raw;
    private final int plain;
    private final Sealer sealer;
    private final EspCipher opening;

    private final byte[][] inner = new byte[BATCH][ROOM];
    private final byte[][] rawSealed = new byte[BATCH][ROOM];
    private final byte[][] sealed = new byte[BATCH][ROOM];
    private final byte[][] opened = new byte[BATCH][ROOM];
    private long number;

    private EspThroughput(EspSuite suite) throws GeneralSecurityException {
        this.suite = suite;
        keys = EspSamples.keys(suite, 1);
        raw = new RawCiphers(suite, keys);
        plain = EspLayout.of(suite).plainSize(INNER);
        sealer = new OutboundSa(EspSamples.SPI, suite, keys, meter()).sealer();
        opening = EspCipher.of(suite, keys);
        Random random = new Random(2);
        for (byte[] octets : inner) {
            random.nextBytes(octets);
            octets[0] = 0x45;
        }
    }

    private static Meter meter() {
        return new Meter(SaLimits.UNLIMITED, hard -> {}, () -> System.currentTimeMillis() / 1000);
    }

    /** @param args seconds of each turn; 0: every job once, to see that it can */
    public static void main(String[] args) throws GeneralSecurityException {
        double seconds = Double.parseDouble(args[0]);
        List<EspSuite> suites =
                EspSamples.suites().stream().filter(suite -> !suite.esn()).toList();
        System.out.println("| suite | seal, of it raw | octets (raw) | open, of it raw | octets (raw) |");
        System.out.println("| --- | --- | --- | --- | --- |");
        for (EspSuite suite : suites) {
            System.out.println(new EspThroughput(suite).row(seconds));
        }
    }

    /** One batch. */
    @FunctionalInterface
    private interface Job {
        void run() throws GeneralSecurityException;
    }

    /** @param rate packets in a second */
    private record Figure(double rate, double allocated) {}

    private String row(double seconds) throws GeneralSecurityException {
        // In this order, so that what is opened was sealed.
        List<Job> jobs = List.of(this::sealRaw, this::seal, this::openRaw, this::open);
        double[][] rates = new double[jobs.size()][TURNS];
        double[] allocated = new double[jobs.size()];
        for (int turn = -WARM_UP; turn < TURNS; turn++) {
            for (int job = 0; job < jobs.size(); job++) {
                Figure figure = measure(jobs.get(job), seconds);
                rates[job][Math.max(turn, 0)] = figure.rate();
                allocated[job] = figure.allocated();
            }
        }
        double[] medians = Stream.of(rates)
                .mapToDouble(all -> Arrays.stream(all).sorted().toArray()[TURNS / 2])
                .toArray();
        return String.format(
                "| %s | %.0f k/s, %.0f %% | %.0f (%.0f) | %.0f k/s, %.0f %% | %.0f (%.0f) |",
                suite,
                medians[1] / 1000,
                100 * medians[1] / medians[0],
                allocated[1],
                allocated[0],
                medians[3] / 1000,
                100 * medians[3] / medians[2],
                allocated[3],
                allocated[2]);
    }

    private static Figure measure(Job job, double seconds) throws GeneralSecurityException {
        long thread = Thread.currentThread().getId();
        long allocatedBefore = THREADS.getThreadAllocatedBytes(thread);
        long start = System.nanoTime();
        long batches = 0;
        do {
            job.run();
            batches++;
        } while (System.nanoTime() - start < seconds * 1e9);
        long time = System.nanoTime() - start;
        double packets = (double) batches * BATCH;
        return new Figure(
                packets * 1e9 / time, (THREADS.getThreadAllocatedBytes(thread) - allocatedBefore) / packets);
    }

    private void sealRaw() throws GeneralSecurityException {
        for (int i = 0; i < BATCH; i++) {
            raw.seal(++number, inner[i], plain, rawSealed[i]);
        }
    }

    private void openRaw() throws GeneralSecurityException {
        int size = plain + (suite.integrity() == Integrity.NONE ? 16 : 0);
        for (int i = 0; i < BATCH; i++) {
            raw.open(number - BATCH + 1 + i, rawSealed[i], size, opened[i]);
        }
    }

    private void seal() {
        for (int i = 0; i < BATCH; i++) {
            if (sealer.seal(inner[i], 0, INNER, EspSamples.IPV4, sealed[i], 0) == Sealer.REFUSED) {
                throw new IllegalStateException("refused: " + sealer.refusal());
            }
        }
    }

    /** The same batch again and again, so each time with a window that has seen nothing of it. */
    private void open() {
        long before = Integer.toUnsignedLong((int) EspCipher.INT.get(sealed[0], 4)) - 1;
        ReplayWindow window = new ReplayWindow(1024, false, before);
        InboundSa sa = new InboundSa(EspSamples.SPI, suite, keys, window, meter());
        Opener opener = new Opener(sa, EspLayout.of(suite), opening, window);
        int size = sealer.sealedSize(INNER);
        for (int i = 0; i < BATCH; i++) {
            if (opener.open(sealed[i], 0, size, opened[i], 0) != INNER) {
                throw new IllegalStateException("dropped: " + opener.drop());
            }
        }
    }
}
