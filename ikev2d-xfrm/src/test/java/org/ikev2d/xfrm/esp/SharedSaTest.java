package org.ikev2d.xfrm.esp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One SA, several threads. */
final class SharedSaTest {
    private static final int THREADS = 4;
    private static final int EACH = 3000;

    static List<EspSuite> suites() {
        return EspSamples.suites();
    }

    private static <T> List<T> together(Callable<T> job) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(Collections.nCopies(THREADS, job))) {
                results.add(future.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void numbersAreUsedOnceAndPacketsDeliveredOnce(EspSuite suite) throws Exception {
        byte[] inner = EspSamples.inner(new Random(1), 60, 4);
        try (EspKeys keys = EspSamples.keys(suite, 2);
                OutboundSa outbound = EspSamples.outbound(suite, keys);
                InboundSa inbound = new InboundSa(EspSamples.SPI, suite, keys, 4096, EspSamples.meter())) {
            List<byte[]> packets = new ArrayList<>();
            together(() -> {
                        Sealer sealer = outbound.sealer();
                        List<byte[]> sealed = new ArrayList<>();
                        for (int i = 0; i < EACH; i++) {
                            sealed.add(EspSamples.seal(sealer, inner, EspSamples.IPV4));
                        }
                        return sealed;
                    })
                    .forEach(packets::addAll);
            packets.sort((one, two) -> Integer.compare(number(one), number(two)));
            for (int i = 0; i < packets.size(); i++) {
                assertThat(number(packets.get(i))).isEqualTo(i + 1);
            }
            assertThat(packets.stream().map(Arrays::hashCode).distinct().count())
                    .isGreaterThan(packets.size() - 10L);

            List<Integer> delivered = together(() -> {
                Opener opener = inbound.opener();
                byte[] out = new byte[200];
                int mine = 0;
                for (byte[] packet : packets) {
                    if (opener.open(packet, 0, packet.length, out, 0) == inner.length) {
                        assertThat(Arrays.equals(out, 0, inner.length, inner, 0, inner.length))
                                .isTrue();
                        mine++;
                    }
                }
                return mine;
            });
            assertThat(delivered.stream().mapToInt(Integer::intValue).sum()).isEqualTo(packets.size());
            assertThat(inbound.usage().packets()).isEqualTo(packets.size());
            assertThat(inbound.usage().bytes()).isEqualTo((long) packets.size() * inner.length);
            // An extended number left of the window is taken for one of the next cycle, and so for a forgery.
            long left = suite.esn() ? inbound.drops(EspDrop.BAD_ICV) : 0;
            assertThat(inbound.drops(EspDrop.REPLAY) + left).isEqualTo((THREADS - 1L) * packets.size());
        }
    }

    private static int number(byte[] packet) {
        return (int) EspCipher.INT.get(packet, 4);
    }
}
