package org.ikev2d.xfrm.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SegmenterTest {
    static List<byte[]> segments(byte[] read) {
        byte[] wide = Sample.amid(read, 16, 16);
        Segmenter segmenter = new Segmenter();
        List<byte[]> packets = new ArrayList<>();
        if (segmenter.begin(wide, 16, read.length)) {
            while (segmenter.next()) {
                packets.add(Arrays.copyOfRange(wide, segmenter.at(), segmenter.at() + segmenter.length()));
            }
        }
        assertThat(Arrays.copyOf(wide, 16)).containsOnly(0xa5);
        assertThat(Arrays.copyOfRange(wide, 16 + read.length, wide.length)).containsOnly(0xa5);
        return packets;
    }

    private static byte[] data(List<byte[]> packets, int headers) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        packets.forEach(packet -> all.write(packet, headers, packet.length - headers));
        return all.toByteArray();
    }

    @RepeatedTest(200)
    void aLargePacketBecomesSoundOnes(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Sample sample = random.nextBoolean() ? Sample.tcp(random.nextBoolean()) : Sample.udp(random.nextBoolean());
        sample.flags = Sample.ACK | (random.nextInt(2) * Sample.PSH) | (random.nextInt(2) * Sample.FIN);
        sample.options = new byte[4 * random.nextInt(11)];
        sample.identification = random.nextInt(65536);
        sample.sequence = random.nextInt();
        int size = 1 + random.nextInt(1440);
        sample.data(random, 1 + random.nextInt(64_000));

        List<byte[]> packets = segments(sample.large(size));

        int headers = sample.upper() + sample.upperHeader();
        assertThat(packets).hasSize((sample.data.length + size - 1) / size).allMatch(Sample::isSound);
        assertThat(data(packets, headers)).isEqualTo(sample.data);
        for (int i = 0; i < packets.size(); i++) {
            byte[] packet = packets.get(i);
            boolean last = i == packets.size() - 1;
            assertThat(packet.length - headers).isEqualTo(last ? sample.data.length - i * size : size);
            if (sample.ipv4) {
                assertThat(Sample.u16(packet, 4)).isEqualTo((sample.identification + i) & 0xffff);
            }
            if (sample.tcp) {
                int sequence = (Sample.u16(packet, sample.upper() + 4) << 16) | Sample.u16(packet, sample.upper() + 6);
                assertThat(sequence).isEqualTo(sample.sequence + i * size);
                assertThat(packet[sample.upper() + 13] & 0xff).isEqualTo(last ? sample.flags : Sample.ACK);
            }
        }
    }

    @Test
    void congestionWindowReducedIsSaidOnce() {
        Sample sample = Sample.tcp(true).data(new Random(1), 3000);
        sample.flags = Sample.ACK | Sample.CWR;
        byte[] read = sample.large(1000);
        read[1] |= (byte) VirtioNetHeader.GSO_ECN;
        assertThat(segments(read)).extracting(packet -> packet[33] & 0xff).containsExactly(0x90, 0x10, 0x10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOpenChecksumIsFilledIn(boolean ipv4) {
        for (Sample sample : List.of(Sample.tcp(ipv4), Sample.udp(ipv4))) {
            byte[] read = sample.data(new Random(3), 333).large(0);
            read[1] = VirtioNetHeader.GSO_NONE;
            assertThat(segments(read)).containsExactly(sample.packet());
        }
    }

    @Test
    void aWholePacketPassesAsItIs() {
        byte[] packet = Sample.udp(false).data(new Random(4), 10).packet();
        assertThat(segments(Sample.amid(packet, 10, 0))).isEmpty();
        byte[] read = new byte[10 + packet.length];
        System.arraycopy(packet, 0, read, 10, packet.length);
        assertThat(segments(read)).containsExactly(packet);
    }

    @RepeatedTest(50)
    void nonsenseIsRefusedOrPassesButNeverThrows(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        for (int i = 0; i < 400; i++) {
            byte[] read = Sample.tcp(random.nextBoolean())
                    .data(random, random.nextInt(300))
                    .large(100);
            for (int k = random.nextInt(6); k >= 0; k--) {
                read[random.nextInt(Math.min(read.length, 60))] = (byte) random.nextInt();
            }
            segments(Arrays.copyOf(read, random.nextInt(read.length + 1)));
        }
    }
}
