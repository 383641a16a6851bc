package org.ikev2d.xfrm.esp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.registry.Integrity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sealed at one end is opened at the other. */
final class RoundTripTest {
    static List<EspSuite> suites() {
        return EspSamples.suites();
    }

    @ParameterizedTest
    @MethodSource("suites")
    void everySizeComesBackAsItWas(EspSuite suite) {
        Random random = new Random(1);
        try (EspKeys keys = EspSamples.keys(suite, 2);
                OutboundSa outbound = EspSamples.outbound(suite, keys);
                InboundSa inbound = EspSamples.inbound(suite, keys)) {
            Sealer sealer = outbound.sealer();
            Opener opener = inbound.opener();
            long octets = 0;
            for (int size = 1; size < 300; size++) {
                int nextHeader = size % 2 == 0 ? EspSamples.IPV4 : EspSamples.IPV6;
                byte[] inner = EspSamples.inner(random, size, size % 2 == 0 ? 4 : 6);
                byte[] packet = EspSamples.seal(sealer, inner, nextHeader);
                assertThat(EspSamples.open(opener, packet)).isEqualTo(Bytes.of(inner));
                assertThat(opener.nextHeader()).isEqualTo(nextHeader);
                octets += size;
            }
            SaUsage expected = new SaUsage(octets, 299, EspSamples.NOW);
            assertThat(outbound.usage()).isEqualTo(expected);
            assertThat(inbound.usage()).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void nothingIsWrittenBesideWhatWasAskedFor(EspSuite suite) {
        Random random = new Random(3);
        try (EspKeys keys = EspSamples.keys(suite, 4);
                OutboundSa outbound = EspSamples.outbound(suite, keys);
                InboundSa inbound = EspSamples.inbound(suite, keys)) {
            Sealer sealer = outbound.sealer();
            Opener opener = inbound.opener();
            for (int size = 1; size < 80; size++) {
                byte[] in = EspSamples.inner(random, size + 20, 4);
                in[7] = 0x45;
                byte[] before = in.clone();
                byte[] sealed = new byte[sealer.sealedSize(size) + 30];
                int length = sealer.seal(in, 7, size, EspSamples.IPV4, sealed, 11);
                assertThat(length).isEqualTo(sealer.sealedSize(size));
                assertThat(in).isEqualTo(before);
                assertThat(Arrays.copyOf(sealed, 11)).containsOnly(0);
                assertThat(Arrays.copyOfRange(sealed, 11 + length, sealed.length))
                        .containsOnly(0);
                byte[] out = new byte[length + 30];
                assertThat(opener.open(sealed, 11, length, out, 13)).isEqualTo(size);
                assertThat(Arrays.copyOfRange(out, 13, 13 + size)).isEqualTo(Arrays.copyOfRange(in, 7, 7 + size));
                assertThat(Arrays.copyOf(out, 13)).containsOnly(0);
                assertThat(Arrays.copyOfRange(out, 13 + length, out.length)).containsOnly(0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void noTwoPacketsOfOneContentAreAlike(EspSuite suite) {
        byte[] inner = EspSamples.inner(new Random(5), 64, 4);
        try (EspKeys keys = EspSamples.keys(suite, 6);
                OutboundSa first = EspSamples.outbound(suite, keys);
                OutboundSa again = EspSamples.outbound(suite, keys)) {
            EspLayout layout = EspLayout.of(suite);
            Bytes one = iv(layout, EspSamples.seal(first.sealer(), inner, EspSamples.IPV4));
            Bytes two = iv(layout, EspSamples.seal(first.sealer(), inner, EspSamples.IPV4));
            assertThat(one).isNotEqualTo(two);
            if (suite.integrity() != Integrity.NONE) {
                // Not to be foreseen, even with the same keys and sequence number.
                assertThat(iv(layout, EspSamples.seal(again.sealer(), inner, EspSamples.IPV4)))
                        .isNotEqualTo(one);
            }
        }
    }

    private static Bytes iv(EspLayout layout, byte[] packet) {
        return Bytes.of(packet).slice(EspLayout.HEADER, layout.payloadAt());
    }

    @ParameterizedTest
    @MethodSource("suites")
    void closedSasServeNobodyAnyMore(EspSuite suite) {
        byte[] inner = EspSamples.inner(new Random(7), 64, 4);
        EspKeys keys = EspSamples.keys(suite, 8);
        OutboundSa outbound = EspSamples.outbound(suite, keys);
        InboundSa inbound = EspSamples.inbound(suite, keys);
        // They have copies of their own.
        keys.close();
        Sealer sealer = outbound.sealer();
        Opener opener = inbound.opener();
        byte[] packet = EspSamples.seal(sealer, inner, EspSamples.IPV4);
        outbound.close();
        inbound.close();
        assertThat(sealer.seal(inner, 0, 64, EspSamples.IPV4, new byte[200], 0)).isEqualTo(Sealer.REFUSED);
        assertThat(sealer.refusal()).isEqualTo(SealRefusal.CLOSED);
        assertThat(EspSamples.open(opener, packet)).isNull();
        assertThat(opener.drop()).isEqualTo(EspDrop.CLOSED);
        assertThatIllegalStateException().isThrownBy(outbound::sealer);
        assertThatIllegalStateException().isThrownBy(inbound::opener);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void whatDoesNotFitIsRefusedBeforeANumberIsUsed(EspSuite suite) {
        byte[] inner = EspSamples.inner(new Random(9), 64, 4);
        try (EspKeys keys = EspSamples.keys(suite, 10);
                OutboundSa outbound = EspSamples.outbound(suite, keys)) {
            Sealer sealer = outbound.sealer();
            byte[] out = new byte[sealer.sealedSize(64) - 1];
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> sealer.seal(inner, 0, 64, EspSamples.IPV4, out, 0));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> sealer.seal(inner, 1, 64, EspSamples.IPV4, new byte[200], 0));
            byte[] packet = EspSamples.seal(sealer, inner, EspSamples.IPV4);
            assertThat((int) EspCipher.INT.get(packet, 4)).isEqualTo(1);
        }
    }
}
