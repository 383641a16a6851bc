package org.ikev2d.xfrm.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CoalescerTest {
    /** What is written, header and packet. */
    private static List<byte[]> coalesced(boolean udp, List<byte[]> packets) {
        List<byte[]> written = new ArrayList<>();
        Coalescer coalescer = new Coalescer(
                packet -> {
                    byte[] octets = new byte[packet.remaining()];
                    packet.get(octets);
                    written.add(octets);
                },
                udp);
        for (byte[] packet : packets) {
            coalescer.add(Sample.amid(packet, 5, 5), 5, packet.length);
        }
        coalescer.flush();
        int before = written.size();
        coalescer.flush();
        assertThat(written).hasSize(before);
        return written;
    }

    /** One flow's packets of {@code size} octets of data. */
    private static List<byte[]> flow(Sample sample, Random random, int count, int size) {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packets.add(sample.data(random, size).packet());
            sample.sequence += size;
            sample.identification++;
        }
        return packets;
    }

    private static List<byte[]> undone(List<byte[]> written) {
        return written.stream()
                .flatMap(read -> SegmenterTest.segments(read).stream())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void packetsInSequenceBecomeOne(boolean ipv4) {
        List<byte[]> packets = flow(Sample.tcp(ipv4), new Random(1), 40, 1400);
        List<byte[]> written = coalesced(false, packets);
        assertThat(written).hasSize(1);
        assertThat(undone(written)).containsExactlyElementsOf(packets);
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 20"})
    void udpOfOneSizeBecomesOneWhereTheDeviceTakesIt(boolean device, int expected) {
        Sample sample = Sample.udp(true);
        List<byte[]> packets = flow(sample, new Random(1), 20, 500);
        List<byte[]> written = coalesced(device, packets);
        assertThat(written).hasSize(expected);
        assertThat(undone(written)).containsExactlyElementsOf(packets);
    }

    @Test
    void aShorterPacketAndAPushEndIt() {
        Random random = new Random(2);
        Sample sample = Sample.tcp(true);
        List<byte[]> packets = new ArrayList<>(flow(sample, random, 3, 1000));
        packets.addAll(flow(sample, random, 1, 10));
        packets.addAll(flow(sample, random, 2, 1000));
        sample.flags |= Sample.PSH;
        packets.addAll(flow(sample, random, 1, 1000));
        sample.flags = Sample.ACK;
        packets.addAll(flow(sample, random, 2, 1000));
        List<byte[]> written = coalesced(false, packets);
        assertThat(written).hasSize(3);
        assertThat(undone(written)).containsExactlyElementsOf(packets);
    }

    @Test
    void whatIsNotLikeTheOthersGoesApartAndInOrder() {
        Random random = new Random(5);
        List<byte[]> packets = new ArrayList<>();
        for (int kind = 0; kind < 9; kind++) {
            Sample sample = Sample.tcp(true);
            packets.addAll(flow(sample, random, 2, 700));
            switch (kind) {
                case 0 -> sample.window++;
                case 1 -> sample.tos = 4;
                case 2 -> sample.options = new byte[12];
                case 3 -> sample.sequence++;
                case 4 -> sample.dontFragment = false;
                case 5 -> sample.flags |= Sample.FIN;
                case 6 -> sample.flags |= Sample.SYN;
                case 7 -> sample.flags = 0;
                default -> sample.flags |= 0x20;
            }
            packets.addAll(flow(sample, random, 1, 700));
        }
        List<byte[]> written = coalesced(false, packets);
        assertThat(written).hasSize(18);
        assertThat(undone(written)).containsExactlyElementsOf(packets);
    }

    @Test
    void aWrongChecksumIsNeverMadeRight() {
        List<byte[]> packets = flow(Sample.tcp(false), new Random(6), 5, 900);
        packets.get(2)[200] ^= 1;
        List<byte[]> written = coalesced(false, packets);
        assertThat(written).hasSize(3);
        assertThat(Arrays.copyOfRange(written.get(1), 10, written.get(1).length))
                .isEqualTo(packets.get(2));
    }

    /** Each flow's packets come out as they went in, whatever happened on the way. */
    @RepeatedTest(200)
    void segmentationUndoesIt(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        List<Sample> flows = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(12); i++) {
            Sample sample = random.nextInt(3) > 0 ? Sample.tcp(random.nextBoolean()) : Sample.udp(random.nextBoolean());
            sample.flow = i;
            sample.dontFragment = random.nextBoolean();
            flows.add(sample);
        }
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Sample sample = flows.get(random.nextInt(flows.size()));
            sample.flags = Sample.ACK | (random.nextInt(10) == 0 ? Sample.PSH : 0) | (random.nextInt(50) == 0 ? 1 : 0);
            int size = random.nextInt(4) > 0 ? 1300 : random.nextInt(1400);
            packets.addAll(flow(sample, random, 1, size));
            if (random.nextInt(20) == 0) {
                sample.sequence += random.nextInt();
            }
            if (random.nextInt(40) == 0) {
                byte[] broken = packets.get(packets.size() - 1);
                broken[broken.length - 1] ^= 0x10;
            }
        }
        List<byte[]> back = undone(coalesced(random.nextBoolean(), packets));
        assertThat(back).hasSameSizeAs(packets);
        for (int i = 0; i < flows.size(); i++) {
            int flow = i;
            assertThat(back.stream().filter(packet -> isOf(packet, flow)).toList())
                    .containsExactlyElementsOf(packets.stream()
                            .filter(packet -> isOf(packet, flow))
                            .toList());
        }
    }

    private static boolean isOf(byte[] packet, int flow) {
        return Sample.u16(packet, (packet[0] >> 4 == 4 ? 20 : 40) + 2) == 5000 + flow;
    }

    @RepeatedTest(50)
    void nonsensePassesAsItIs(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] packet = Sample.tcp(random.nextBoolean())
                    .data(random, random.nextInt(100))
                    .packet();
            for (int k = random.nextInt(4); k >= 0; k--) {
                packet[random.nextInt(Math.min(packet.length, 60))] = (byte) random.nextInt();
            }
            packets.add(Arrays.copyOf(packet, random.nextInt(packet.length + 1)));
        }
        assertThat(coalesced(true, packets).stream()
                        .mapToInt(read -> read.length - 10)
                        .sum())
                .isLessThanOrEqualTo(
                        packets.stream().mapToInt(packet -> packet.length).sum());
    }
}
