package org.ikev2d.xfrm.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TooBigTest {
    private static byte[] answer(byte[] packet, int mtu) {
        byte[] out = new byte[3 + TooBig.LONGEST];
        Arrays.fill(out, (byte) 0xee);
        int size = TooBig.answer(Sample.amid(packet, 7, 7), 7, packet.length, mtu, out, 3);
        return Arrays.copyOfRange(out, 3, 3 + size);
    }

    @Test
    void anIpv4PacketIsToldTheMtu() {
        byte[] packet = Sample.tcp(true).data(new Random(1), 1460).packet();
        byte[] answer = answer(packet, 1400);
        assertThat(answer).hasSize(576);
        assertThat(Sample.sum(answer, 0, 20, 0)).isEqualTo(0xffff);
        assertThat(Sample.sum(answer, 20, answer.length - 20, 0)).isEqualTo(0xffff);
        assertThat(Arrays.copyOfRange(answer, 20, 22)).containsExactly(3, 4);
        assertThat(Sample.u16(answer, 26)).isEqualTo(1400);
        assertThat(Arrays.copyOfRange(answer, 16, 20)).isEqualTo(Arrays.copyOfRange(packet, 12, 16));
        assertThat(Arrays.copyOfRange(answer, 28, 576)).isEqualTo(Arrays.copyOf(packet, 548));
    }

    @Test
    void anIpv6PacketIsToldTheMtu() {
        byte[] packet = Sample.udp(false).data(new Random(1), 1452).packet();
        byte[] answer = answer(packet, 1380);
        assertThat(answer).hasSize(1280);
        assertThat(answer[6]).isEqualTo((byte) 58);
        assertThat(Sample.isSound(answer)).isTrue();
        assertThat(answer[40]).isEqualTo((byte) 2);
        assertThat(Sample.u16(answer, 46)).isEqualTo(1380);
        assertThat(Arrays.copyOfRange(answer, 48, 1280)).isEqualTo(Arrays.copyOf(packet, 1232));
    }

    @Test
    void errorsLaterFragmentsAndGroupsAreNotAnswered() {
        byte[] error = Sample.udp(true).data(new Random(1), 1452).packet();
        error[9] = 1;
        error[20] = 3;
        assertThat(answer(error, 1400)).isEmpty();
        error[20] = 8;
        assertThat(answer(error, 1400)).isNotEmpty();

        byte[] fragment = Sample.udp(true).data(new Random(1), 1452).packet();
        fragment[7] = 9;
        assertThat(answer(fragment, 1400)).isEmpty();

        byte[] group = Sample.udp(true).data(new Random(1), 1452).packet();
        group[16] = (byte) 224;
        assertThat(answer(group, 1400)).isEmpty();

        byte[] error6 = Sample.udp(false).data(new Random(1), 1452).packet();
        error6[6] = 58;
        error6[40] = 1;
        assertThat(answer(error6, 1400)).isEmpty();
        error6[40] = (byte) 128;
        assertThat(answer(error6, 1400)).isNotEmpty();
    }

    @Test
    void whatIsNoPacketIsNotAnswered() {
        Random random = new Random(9);
        for (int i = 0; i < 2000; i++) {
            byte[] packet = Sample.tcp(random.nextBoolean()).data(random, 60).packet();
            packet[random.nextInt(40)] = (byte) random.nextInt();
            byte[] cut = Arrays.copyOf(packet, random.nextInt(packet.length + 1));
            assertThat(answer(cut, 1400).length).isLessThanOrEqualTo(TooBig.LONGEST);
        }
    }
}
