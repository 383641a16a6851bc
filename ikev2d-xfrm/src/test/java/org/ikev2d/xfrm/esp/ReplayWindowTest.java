package org.ikev2d.xfrm.esp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The window is held against models that are too simple to be wrong. */
final class ReplayWindowTest {
    private static final long TWO_32 = 1L << 32;

    /** Remembers everything. */
    private static final class Model {
        private final int size;
        private final Set<Long> seen = new HashSet<>();
        private long highest;

        Model(int size, long highest) {
            this.size = size;
            this.highest = highest;
            seen.add(highest);
        }

        boolean isNew(long sequence) {
            return sequence > 0 && sequence > highest - size && !seen.contains(sequence);
        }

        void accept(long sequence) {
            seen.add(sequence);
            highest = Math.max(highest, sequence);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 33, 63, 64, 65, 100, 127, 1024, 4095, 4096})
    void acceptsWhatAModelThatForgetsNothingAccepts(int size) {
        for (long start : new long[] {0, 5, TWO_32 - 2L * size, TWO_32 + 17, 1L << 40}) {
            for (int seed = 0; seed < 20; seed++) {
                follow(new ReplayWindow(size, true, start), new Model(size, start), new Random(seed));
            }
        }
    }

    private static void follow(ReplayWindow window, Model model, Random random) {
        for (int i = 0; i < 3000; i++) {
            long sequence = next(random, model);
            boolean expected = model.isNew(sequence);
            assertThat(window.isNew(sequence))
                    .as("%d with %d the highest", sequence, model.highest)
                    .isEqualTo(expected);
            // A packet that is not authentic moves nothing.
            if (sequence >= 0 && random.nextInt(8) != 0) {
                assertThat(window.accept(sequence))
                        .as("%d with %d the highest", sequence, model.highest)
                        .isEqualTo(expected);
                if (expected) {
                    model.accept(sequence);
                }
            }
        }
    }

    private static long next(Random random, Model model) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> model.highest + 1 + random.nextInt(3);
            case 4, 5, 6 -> model.highest - random.nextInt(model.size + 3);
            case 7 -> model.highest + random.nextInt(2 * model.size);
            case 8 -> model.highest - random.nextInt(5 * model.size);
            default -> random.nextInt(20) == 0 ? model.highest + random.nextInt(1 << 30) : model.highest;
        };
    }

    /** RFC 4303 appendix A2.2, line by line; -1 where it would go below the first cycle. */
    private static long whole(long highest, int size, long low) {
        long highestLow = highest % TWO_32;
        long highestHigh = highest / TWO_32;
        long high;
        if (highestLow >= size - 1) {
            high = low >= highestLow - size + 1 ? highestHigh : highestHigh + 1;
        } else {
            high = low >= (highestLow - size + 1 + TWO_32) % TWO_32 ? highestHigh - 1 : highestHigh;
        }
        return high < 0 ? -1 : high * TWO_32 + low;
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64, 1000, 4096})
    void extendsSequenceNumbersAsTheRfcShows(int size) {
        Random random = new Random(size);
        List<Long> starts = new ArrayList<>(List.of(0L, 1L, (long) size, TWO_32 - 1, TWO_32, TWO_32 + 1));
        for (int i = 0; i < 200; i++) {
            starts.add(TWO_32 * random.nextInt(5) + random.nextInt(3 * size));
            starts.add(TWO_32 * random.nextInt(5) + TWO_32 - 1 - random.nextInt(3 * size));
            starts.add(random.nextLong() >>> 20);
        }
        for (long highest : starts) {
            ReplayWindow window = new ReplayWindow(size, true, highest);
            for (int i = 0; i < 200; i++) {
                long near = highest + random.nextInt(4 * size) - 2L * size;
                long low = (i % 4 == 0 ? random.nextLong() : near) & (TWO_32 - 1);
                long expected = whole(highest, size, low);
                long actual = window.whole((int) low);
                assertThat(actual < 0 ? -1 : actual)
                        .as("%d with %d the highest", low, highest)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void shortSequenceNumbersAreTakenAsTheyAre() {
        ReplayWindow window = new ReplayWindow(64, false, TWO_32 - 1);
        assertThat(window.whole(-1)).isEqualTo(TWO_32 - 1);
        assertThat(window.whole(0)).isZero();
        assertThat(window.isNew(window.whole(5))).isFalse();
        assertThat(window.isNew(window.whole(-2))).isTrue();
    }

    @Test
    void threadsThatBringTheSameNumbersAreTogetherToldOnceThatEachIsNew() throws Exception {
        int numbers = 200_000;
        int threads = 4;
        ReplayWindow window = new ReplayWindow(32, true);
        AtomicIntegerArray accepted = new AtomicIntegerArray(numbers + 1);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Callable<Void> bring = () -> {
                for (int i = 1; i <= numbers; i++) {
                    if (window.accept(i)) {
                        accepted.incrementAndGet(i);
                    }
                }
                return null;
            };
            for (Future<Void> done : executor.invokeAll(Collections.nCopies(threads, bring))) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }
        // Whoever is the first beyond a number brought it before, when nothing higher had come.
        for (int i = 1; i <= numbers; i++) {
            assertThat(accepted.get(i)).as("%d", i).isEqualTo(1);
        }
    }

    /** A ring is four blocks here: both numbers of a round have one place. */
    @Test
    void aLateNumberDoesNotWriteOverAHigherOneThatTakesItsPlace() throws Exception {
        int rounds = 200_000;
        long apart = 4 * 32;
        ReplayWindow window = new ReplayWindow(32, true);
        AtomicInteger lateRound = new AtomicInteger();
        AtomicInteger lateDone = new AtomicInteger();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<?> late = executor.submit(() -> {
                for (int round = 1; round <= rounds; round++) {
                    await(lateRound, round);
                    window.accept(1000L * round);
                    lateDone.set(round);
                }
            });
            for (int round = 1; round <= rounds; round++) {
                long higher = 1000L * round + apart;
                lateRound.set(round);
                assertThat(window.accept(higher)).isTrue();
                await(lateDone, round);
                assertThat(window.accept(higher)).as("%d again", higher).isFalse();
            }
            late.get();
        } finally {
            executor.shutdownNow();
        }
    }

    private static void await(AtomicInteger counter, int round) {
        while (counter.get() < round && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 4097})
    void windowsThatAreTooSmallOrTooLargeAreRefused(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReplayWindow(size, false))
                .withMessageContaining("32 to 4096");
    }
}
