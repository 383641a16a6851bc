package org.ikev2d.xfrm.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class FragmentsTest {
    @RepeatedTest(100)
    void theFragmentsMakeUpThePacket(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        Sample sample = Sample.udp(true).data(random, 600 + random.nextInt(8000));
        sample.dontFragment = false;
        byte[] packet = sample.packet();
        int mtu = 68 + random.nextInt(1432);
        byte[] wide = Sample.amid(packet, 4, 4);
        Fragments fragments = new Fragments();
        assertThat(fragments.begin(wide, 4, packet.length, mtu)).isTrue();
        byte[] whole = Arrays.copyOf(packet, packet.length);
        Arrays.fill(whole, 20, whole.length, (byte) 0);
        boolean more = true;
        while (fragments.next()) {
            byte[] one = Arrays.copyOfRange(wide, fragments.at(), fragments.at() + fragments.length());
            assertThat(more).isTrue();
            assertThat(one.length).isLessThanOrEqualTo(mtu).isEqualTo(Sample.u16(one, 2));
            assertThat(Sample.sum(one, 0, 20, 0)).isEqualTo(0xffff);
            assertThat(Sample.u16(one, 4)).isEqualTo(sample.identification);
            more = (one[6] & 0x20) != 0;
            System.arraycopy(one, 20, whole, 20 + 8 * (Sample.u16(one, 6) & 0x1fff), one.length - 20);
        }
        assertThat(more).isFalse();
        assertThat(whole).isEqualTo(packet);
    }

    @Test
    void onlyTheOptionsThatSaySoAreRepeated() {
        byte[] packet = new byte[28 + 160];
        packet[0] = 0x47;
        Sample.put16(packet, 2, packet.length);
        // Record Route is not copied, Router Alert (148) is.
        byte[] options = {7, 3, 4, 1, (byte) 148, 4, 0, 0};
        System.arraycopy(options, 0, packet, 20, 8);
        Fragments fragments = new Fragments();
        assertThat(fragments.begin(packet, 0, packet.length, 28 + 80)).isTrue();
        assertThat(fragments.next()).isTrue();
        assertThat(Arrays.copyOfRange(packet, fragments.at() + 20, fragments.at() + 28))
                .isEqualTo(options);
        assertThat(fragments.next()).isTrue();
        assertThat(Arrays.copyOfRange(packet, fragments.at() + 20, fragments.at() + 28))
                .containsExactly(1, 1, 1, 1, 148, 4, 0, 0);
        assertThat(fragments.next()).isFalse();
    }

    @Test
    void whatIsNoPacketIsNotCut() {
        Random random = new Random(9);
        for (int i = 0; i < 2000; i++) {
            byte[] packet = Sample.udp(random.nextBoolean()).data(random, 300).packet();
            packet[random.nextInt(60)] = (byte) random.nextInt();
            int length = random.nextInt(packet.length + 1);
            Fragments fragments = new Fragments();
            int count = 0;
            if (fragments.begin(packet, 0, length, 100)) {
                while (fragments.next()) {
                    count++;
                }
            }
            assertThat(count).isLessThan(40);
        }
    }
}
