package org.ikev2d.xfrm.esp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.SaUsage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes in, only what the peer sealed comes out, once; all else is counted by its reason. */
final class HostilePacketsTest {
    private final Random random = new Random(11);

    static List<EspSuite> suites() {
        return EspSamples.suites();
    }

    private static void expectDropped(InboundSa sa, Opener opener, byte[] packet, EspDrop... reasons) {
        SaUsage before = sa.usage();
        assertThat(EspSamples.open(opener, packet)).isNull();
        assertThat(opener.drop()).isIn((Object[]) reasons);
        assertThat(sa.drops(opener.drop())).isPositive();
        assertThat(sa.usage()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void everyOctetIsGuarded_andAForgeryDoesNotKeepOutThePacketThatItCopies(EspSuite suite) {
        try (EspKeys keys = EspSamples.keys(suite, 1);
                OutboundSa outbound = EspSamples.outbound(suite, keys);
                InboundSa inbound = EspSamples.inbound(suite, keys)) {
            Opener opener = inbound.opener();
            byte[] inner = EspSamples.inner(random, 40, 4);
            byte[] packet = EspSamples.seal(outbound.sealer(), inner, EspSamples.IPV4);
            for (int at = 0; at < packet.length; at++) {
                byte[] changed = packet.clone();
                changed[at] ^= (byte) (1 << random.nextInt(8));
                EspDrop expected = at < 4 ? EspDrop.WRONG_SPI : EspDrop.BAD_ICV;
                // The number may have become 0.
                expectDropped(
                        inbound,
                        opener,
                        changed,
                        at >= 4 && at < 8 ? new EspDrop[] {expected, EspDrop.REPLAY} : new EspDrop[] {expected});
            }
            assertThat(EspSamples.open(opener, packet)).isEqualTo(Bytes.of(inner));
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void packetsThatAreCutOffAreDropped(EspSuite suite) {
        try (EspKeys keys = EspSamples.keys(suite, 2);
                OutboundSa outbound = EspSamples.outbound(suite, keys);
                InboundSa inbound = EspSamples.inbound(suite, keys)) {
            Opener opener = inbound.opener();
            EspLayout layout = EspLayout.of(suite);
            byte[] packet = EspSamples.seal(outbound.sealer(), EspSamples.inner(random, 90, 4), EspSamples.IPV4);
            for (int size = 0; size < packet.length; size++) {
                EspDrop expected = EspDrop.BAD_ICV;
                if (size < layout.smallest()) {
                    expected = EspDrop.TOO_SHORT;
                } else if ((size - layout.overhead()) % layout.alignment() != 0) {
                    expected = EspDrop.NOT_ALIGNED;
                }
                expectDropped(inbound, opener, Arrays.copyOf(packet, size), expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void packetsMayComeInAnyOrderInsideTheWindowButOnlyOnce(EspSuite suite) {
        try (EspKeys keys = EspSamples.keys(suite, 3);
                OutboundSa outbound = EspSamples.outbound(suite, keys);
                InboundSa inbound = EspSamples.inbound(suite, keys)) {
            Sealer sealer = outbound.sealer();
            Opener opener = inbound.opener();
            List<byte[]> packets = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                packets.add(EspSamples.seal(sealer, EspSamples.inner(random, 30, 4), EspSamples.IPV4));
            }
            Collections.shuffle(packets, random);
            packets.forEach(
                    packet -> assertThat(EspSamples.open(opener, packet)).isNotNull());
            packets.forEach(packet -> expectDropped(inbound, opener, packet, EspDrop.REPLAY));
            assertThat(inbound.drops(EspDrop.REPLAY)).isEqualTo(64);

            byte[] late = EspSamples.seal(sealer, EspSamples.inner(random, 30, 4), EspSamples.IPV4);
            for (int i = 0; i < 64; i++) {
                EspSamples.open(opener, EspSamples.seal(sealer, EspSamples.inner(random, 30, 4), EspSamples.IPV4));
            }
            // An extended number left of the window is taken for one of the next cycle (RFC 4303 appendix A2.2).
            expectDropped(inbound, opener, late, suite.esn() ? EspDrop.BAD_ICV : EspDrop.REPLAY);
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void whatIsAuthenticButNoPacketIsDropped(EspSuite suite) {
        try (EspKeys keys = EspSamples.keys(suite, 4);
                InboundSa inbound = EspSamples.inbound(suite, keys)) {
            Opener opener = inbound.opener();
            EspCipher cipher = EspCipher.of(suite, keys);
            int plain = 32;
            int sequence = 0;
            Map<EspDrop, List<byte[]>> cases = Map.of(
                    EspDrop.BAD_PADDING,
                    List.of(
                            trailed(plain, 0x45, new byte[] {1, 2, 4}, 3, 4),
                            trailed(plain, 0x45, new byte[] {0, 0, 0}, 3, 4),
                            trailed(plain, 0x45, new byte[0], plain - 1, 4),
                            trailed(plain, 0x45, new byte[0], 255, 4)),
                    EspDrop.DUMMY,
                    List.of(trailed(plain, 0x45, new byte[] {1, 2}, 2, 59)),
                    EspDrop.BAD_NEXT_HEADER,
                    List.of(
                            trailed(plain, 0x45, new byte[] {1, 2}, 2, 50),
                            trailed(plain, 0x45, new byte[] {1, 2}, 2, 41),
                            trailed(plain, 0x60, new byte[] {1, 2}, 2, 4),
                            empty(plain)));
            for (Map.Entry<EspDrop, List<byte[]>> entry : cases.entrySet()) {
                for (byte[] plaintext : entry.getValue()) {
                    byte[] packet = sealed(suite, cipher, plaintext, ++sequence);
                    expectDropped(inbound, opener, packet, entry.getKey());
                    expectDropped(inbound, opener, packet, EspDrop.REPLAY);
                }
                assertThat(inbound.drops(entry.getKey()))
                        .isEqualTo(entry.getValue().size());
            }
        }
    }

    private static byte[] trailed(int size, int first, byte[] padding, int padLength, int nextHeader) {
        byte[] plaintext = new byte[size];
        plaintext[0] = (byte) first;
        System.arraycopy(padding, 0, plaintext, size - 2 - padding.length, padding.length);
        plaintext[size - 2] = (byte) padLength;
        plaintext[size - 1] = (byte) nextHeader;
        return plaintext;
    }

    /** All of it padding. */
    private static byte[] empty(int size) {
        byte[] padding = new byte[size - 2];
        for (int i = 0; i < padding.length; i++) {
            padding[i] = (byte) (i + 1);
        }
        return trailed(size, 1, padding, padding.length, 4);
    }

    private static byte[] sealed(EspSuite suite, EspCipher cipher, byte[] plaintext, int sequence) {
        EspLayout layout = EspLayout.of(suite);
        byte[] packet = new byte[layout.overhead() + plaintext.length];
        EspCipher.INT.set(packet, 0, EspSamples.SPI.value());
        EspCipher.INT.set(packet, 4, sequence);
        IvSeed.fresh(suite).write(sequence, packet, EspLayout.HEADER, layout.iv());
        cipher.seal(plaintext, plaintext.length, packet, 0, sequence);
        return packet;
    }

    @ParameterizedTest
    @MethodSource("suites")
    void trafficThatIsHiddenBehindPaddingComesWithIt_rfc4303_2_7(EspSuite suite) {
        try (EspKeys keys = EspSamples.keys(suite, 5);
                InboundSa inbound = EspSamples.inbound(suite, keys)) {
            byte[] plaintext = trailed(64, 0x45, new byte[] {1, 2}, 2, 4);
            byte[] packet = sealed(suite, EspCipher.of(suite, keys), plaintext, 1);
            assertThat(EspSamples.open(inbound.opener(), packet))
                    .isEqualTo(Bytes.of(plaintext).slice(0, 60));
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void aHostileNetworkGetsNothingInAndKeepsNothingOut(EspSuite suite) {
        for (int seed = 0; seed < 10; seed++) {
            Random weather = new Random(seed);
            try (EspKeys keys = EspSamples.keys(suite, seed);
                    OutboundSa outbound = EspSamples.outbound(suite, keys);
                    InboundSa inbound = EspSamples.inbound(suite, keys)) {
                attack(weather, outbound.sealer(), inbound, inbound.opener());
            }
        }
    }

    private static void attack(Random weather, Sealer sealer, InboundSa inbound, Opener opener) {
        Set<Bytes> sent = new HashSet<>();
        Set<Bytes> delivered = new HashSet<>();
        List<byte[]> genuine = new ArrayList<>();
        Map<EspDrop, Long> drops = new EnumMap<>(EspDrop.class);
        for (int i = 0; i < 1500; i++) {
            byte[] packet;
            boolean fresh = genuine.isEmpty() || weather.nextInt(3) == 0;
            if (fresh) {
                byte[] inner = EspSamples.inner(weather, 20 + weather.nextInt(200), 4);
                sent.add(Bytes.of(inner));
                packet = EspSamples.seal(sealer, inner, EspSamples.IPV4);
                genuine.add(packet);
                if (weather.nextBoolean()) {
                    count(drops, opener, delivered, forged(weather, packet));
                }
            } else {
                byte[] copied = genuine.get(weather.nextInt(genuine.size()));
                packet = weather.nextBoolean() ? copied : forged(weather, copied);
            }
            boolean passed = count(drops, opener, delivered, packet);
            assertThat(passed || !fresh)
                    .as("a genuine packet, whatever came before")
                    .isTrue();
        }
        assertThat(delivered).isEqualTo(sent);
        assertThat(inbound.usage().packets()).isEqualTo(sent.size());
        for (EspDrop reason : EspDrop.values()) {
            assertThat(inbound.drops(reason)).as("%s", reason).isEqualTo(drops.getOrDefault(reason, 0L));
        }
        assertThat(drops)
                .containsKeys(
                        EspDrop.BAD_ICV, EspDrop.REPLAY, EspDrop.TOO_SHORT, EspDrop.NOT_ALIGNED, EspDrop.WRONG_SPI);
    }

    private static boolean count(Map<EspDrop, Long> drops, Opener opener, Set<Bytes> delivered, byte[] packet) {
        Bytes inner = EspSamples.open(opener, packet);
        if (inner == null) {
            drops.merge(opener.drop(), 1L, Long::sum);
            return false;
        }
        assertThat(delivered.add(inner)).as("delivered once").isTrue();
        return true;
    }

    private static byte[] forged(Random weather, byte[] genuine) {
        byte[] packet = genuine.clone();
        switch (weather.nextInt(6)) {
            case 0 -> packet = Arrays.copyOf(packet, weather.nextInt(packet.length));
            case 1 -> packet = EspSamples.octets(weather, weather.nextInt(300));
            case 2 -> {
                packet = EspSamples.octets(weather, packet.length);
                System.arraycopy(genuine, 0, packet, 0, EspLayout.HEADER);
            }
            // Another number, far or near, above an IV that was seen.
            case 3 -> EspCipher.INT.set(packet, 4, weather.nextBoolean() ? weather.nextInt() : 1 << 30);
            case 4 -> {
                packet = Arrays.copyOf(packet, packet.length + 4 * (1 + weather.nextInt(8)));
            }
            default -> packet[weather.nextInt(packet.length)] ^= (byte) (1 + weather.nextInt(255));
        }
        return packet;
    }
}
