package org.ikev2d.xfrm.esp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.vectors.Capture;
import org.ikev2d.core.vectors.Fields;
import org.ikev2d.core.vectors.Vectors;
import org.ikev2d.core.wire.EspSpi;
import org.junit.jupiter.api.Test;

/**
 * What Linux 7.2.12 sealed with the keys that strongSwan gave it is opened, and sealed again to the same octets: Linux adds
 * a constant of each SA to the sequence number to make an IV, as {@link IvSeed} can.
 */
final class RecordedEspTest {
    private static final int ESP = 50;
    private static final EspSuite SUITE = EspSamples.gcm(false);

    private final List<Bytes> packets =
            Capture.packets(Vectors.own("strongswan-6.1-per-cpu/conversation.pcap")).stream()
                    .filter(packet -> packet.at(9) == ESP)
                    .map(packet -> packet.slice(20, packet.size()))
                    .toList();
    private final List<Bytes> keys = Fields.objects(
                    Vectors.json(Vectors.own("strongswan-6.1-per-cpu/conversation.json"))
                            .getArray("child_sa_key_log"))
            .filter(line -> line.getString("what").startsWith("encryption"))
            .map(line -> Fields.hex(line, "octets"))
            .toList();

    @Test
    void everyPacketIsOpenedWithTheKeysOfOneSaAndSealedAgainToTheSameOctets() {
        Map<Integer, EspKeys> keysBySpi = new HashMap<>();
        Map<Integer, Opener> openers = new HashMap<>();
        Map<Integer, Sealer> sealers = new HashMap<>();
        for (Bytes recorded : packets) {
            byte[] packet = recorded.toArray();
            int spi = (int) EspCipher.INT.get(packet, 0);
            EspKeys its = keysBySpi.computeIfAbsent(spi, unknown -> keysOf(packet));
            Opener opener = openers.computeIfAbsent(
                    spi, unknown -> new InboundSa(new EspSpi(spi), SUITE, its, 32, EspSamples.meter()).opener());
            Bytes inner = EspSamples.open(opener, packet);
            assertThat(inner).as("%s", opener.drop()).isNotNull();
            assertThat(inner.size()).isEqualTo(inner.at(2) << 8 | inner.at(3));
            Sealer sealer = sealers.computeIfAbsent(spi, unknown -> sealer(packet, its));
            assertThat(Bytes.of(EspSamples.seal(sealer, inner.toArray(), opener.nextHeader())))
                    .isEqualTo(recorded);
        }
        assertThat(packets).hasSize(28);
        assertThat(openers).hasSize(9);
    }

    private EspKeys keysOf(byte[] packet) {
        List<Bytes> opening = keys.stream()
                .filter(key -> {
                    try (EspKeys candidate = keys(key)) {
                        return EspCipher.of(SUITE, candidate).open(packet, 0, packet.length, 0, new byte[200], 0);
                    }
                })
                .toList();
        assertThat(opening).hasSize(1);
        return keys(opening.get(0));
    }

    private static EspKeys keys(Bytes key) {
        return new EspKeys(Secret.of(key), Secret.of(Bytes.empty()));
    }

    /** @param first of the SA */
    private static Sealer sealer(byte[] first, EspKeys keys) {
        int sequence = (int) EspCipher.INT.get(first, 4);
        long seed = (long) EspCipher.LONG.get(first, 8) ^ sequence;
        EspSpi spi = new EspSpi((int) EspCipher.INT.get(first, 0));
        OutboundSa.Start start = new OutboundSa.Start(sequence - 1, new IvSeed(0, seed));
        return new OutboundSa(spi, SUITE, keys, EspSamples.meter(), start).sealer();
    }
}
