package org.ikev2d.xfrm.esp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.core.kernel.SaUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SAs wear out: by octets, by packets, by their sequence numbers. */
final class WearTest {
    private static final long TWO_32 = 1L << 32;
    private static final EspSuite SUITE = EspSamples.gcm(false);

    private final byte[] inner = EspSamples.inner(new Random(1), 100, 4);
    /** Hard or not, in order. */
    private final List<Boolean> told = new ArrayList<>();

    static List<EspSuite> suites() {
        return EspSamples.suites();
    }

    private Meter meter(SaLimits limits) {
        return new Meter(limits, told::add, () -> EspSamples.NOW);
    }

    private int seal(Sealer sealer) {
        return sealer.seal(inner, 0, inner.length, EspSamples.IPV4, new byte[200], 0);
    }

    @Test
    void theOutboundSaTellsEachLimitOnceAndStopsAtTheHardOne() {
        SaLimits limits = new SaLimits(250, 500, SaLimits.INFINITY, SaLimits.INFINITY);
        try (EspKeys keys = EspSamples.keys(SUITE, 1);
                OutboundSa sa = new OutboundSa(EspSamples.SPI, SUITE, keys, meter(limits))) {
            Sealer sealer = sa.sealer();
            seal(sealer);
            seal(sealer);
            assertThat(told).isEmpty();
            seal(sealer);
            assertThat(told).containsExactly(false);
            seal(sealer);
            assertThat(seal(sealer)).isPositive();
            assertThat(told).containsExactly(false, true);
            assertThat(seal(sealer)).isEqualTo(Sealer.REFUSED);
            assertThat(sealer.refusal()).isEqualTo(SealRefusal.WORN_OUT);
            assertThat(seal(sa.sealer())).isEqualTo(Sealer.REFUSED);
            assertThat(told).containsExactly(false, true);
            assertThat(sa.usage()).isEqualTo(new SaUsage(500, 5, EspSamples.NOW));
        }
    }

    @Test
    void theInboundSaTellsEachLimitOnceAndStopsAtTheHardOne() {
        SaLimits limits = new SaLimits(SaLimits.INFINITY, SaLimits.INFINITY, 2, 3);
        try (EspKeys keys = EspSamples.keys(SUITE, 1);
                OutboundSa peer = EspSamples.outbound(SUITE, keys);
                InboundSa sa = new InboundSa(EspSamples.SPI, SUITE, keys, 32, meter(limits))) {
            Sealer sealer = peer.sealer();
            Opener opener = sa.opener();
            for (int i = 0; i < 3; i++) {
                assertThat(EspSamples.open(opener, EspSamples.seal(sealer, inner, EspSamples.IPV4)))
                        .isNotNull();
            }
            assertThat(told).containsExactly(false, true);
            assertThat(EspSamples.open(opener, EspSamples.seal(sealer, inner, EspSamples.IPV4)))
                    .isNull();
            assertThat(opener.drop()).isEqualTo(EspDrop.WORN_OUT);
            assertThat(sa.usage().packets()).isEqualTo(3);
        }
    }

    @Test
    void anUnusedSaHasNoLastUse() {
        assertThat(meter(SaLimits.UNLIMITED).usage()).isEqualTo(SaUsage.NONE);
        assertThatIllegalArgumentException().isThrownBy(() -> new SaLimits(1, 0, 1, 1));
    }

    @Test
    void shortSequenceNumbersEndWithTheLastAndNeverCycle() {
        try (EspKeys keys = EspSamples.keys(SUITE, 1);
                OutboundSa sa = new OutboundSa(
                        EspSamples.SPI,
                        SUITE,
                        keys,
                        meter(SaLimits.UNLIMITED),
                        new OutboundSa.Start(TWO_32 - 3, IvSeed.fresh(SUITE)))) {
            Sealer sealer = sa.sealer();
            assertThat(seal(sealer)).isPositive();
            assertThat(told).isEmpty();
            assertThat(seal(sealer)).isPositive();
            assertThat(told).containsExactly(true);
            for (int i = 0; i < 5; i++) {
                assertThat(seal(sealer)).isEqualTo(Sealer.REFUSED);
                assertThat(sealer.refusal()).isEqualTo(SealRefusal.SEQUENCE_EXHAUSTED);
            }
            assertThat(told).containsExactly(true);
        }
    }

    @Test
    void aSuccessorIsWantedBeforeShortSequenceNumbersEnd() {
        long sixteenth = (TWO_32 - 1) / 16;
        try (EspKeys keys = EspSamples.keys(SUITE, 1);
                OutboundSa sa = new OutboundSa(
                        EspSamples.SPI,
                        SUITE,
                        keys,
                        meter(SaLimits.UNLIMITED),
                        new OutboundSa.Start(TWO_32 - 1 - sixteenth - 2, IvSeed.fresh(SUITE)))) {
            Sealer sealer = sa.sealer();
            seal(sealer);
            assertThat(told).isEmpty();
            seal(sealer);
            assertThat(told).containsExactly(false);
            seal(sealer);
            assertThat(told).containsExactly(false);
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void extendedSequenceNumbersGoOnBehind32Bits(EspSuite suite) {
        long start = 3 * TWO_32 - 100;
        try (EspKeys keys = EspSamples.keys(suite, 1);
                OutboundSa outbound = EspSamples.outbound(suite, keys, suite.esn() ? start : 0);
                InboundSa inbound = EspSamples.inbound(suite, keys, suite.esn() ? start : 0)) {
            Sealer sealer = outbound.sealer();
            Opener opener = inbound.opener();
            byte[] late = null;
            for (int i = 0; i < 200; i++) {
                byte[] packet = EspSamples.seal(sealer, inner, EspSamples.IPV4);
                if (i == 80) {
                    late = packet;
                } else {
                    assertThat(EspSamples.open(opener, packet)).as("%d", i).isEqualTo(Bytes.of(inner));
                }
                if (i == 120) {
                    // From before the wrap, after it.
                    assertThat(EspSamples.open(opener, late)).isEqualTo(Bytes.of(inner));
                    assertThat(EspSamples.open(opener, late)).isNull();
                    assertThat(opener.drop()).isEqualTo(EspDrop.REPLAY);
                }
            }
        }
    }

    static List<EspSuite> extended() {
        return suites().stream().filter(EspSuite::esn).toList();
    }

    @ParameterizedTest
    @MethodSource("extended")
    void theHighHalfIsPartOfWhatIsAuthentic(EspSuite suite) {
        try (EspKeys keys = EspSamples.keys(suite, 1);
                OutboundSa outbound = EspSamples.outbound(suite, keys, 5 * TWO_32);
                InboundSa behind = EspSamples.inbound(suite, keys, 4 * TWO_32)) {
            Opener opener = behind.opener();
            assertThat(EspSamples.open(opener, EspSamples.seal(outbound.sealer(), inner, EspSamples.IPV4)))
                    .isNull();
            assertThat(opener.drop()).isEqualTo(EspDrop.BAD_ICV);
        }
    }
}
