package org.ikev2d.xfrm.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figure 4 of RFC 6040, whole: Not-ECT is 0, ECT(1) 1, ECT(0) 2, CE 3. */
final class EcnTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0", "0, 2, 0", "0, 1, 0", "0, 3, -1",
        "2, 0, 2", "2, 2, 2", "2, 1, 1", "2, 3, 3",
        "1, 0, 1", "1, 2, 1", "1, 1, 1", "1, 3, 3",
        "3, 0, 3", "3, 2, 3", "3, 1, 3", "3, 3, 3",
    })
    void whatTheInnerPacketGoesOnWith(int inner, int outer, int expected) {
        int dscp = 46 << 2;
        int other = 10 << 2;
        assertThat(Ecn.decapsulated(other | outer, dscp | inner)).isEqualTo(expected == -1 ? -1 : dscp | expected);
    }

    @Test
    void theOuterHeaderSaysWhatTheInnerDoes() {
        for (int tos = 0; tos < 256; tos++) {
            assertThat(Ecn.encapsulated(tos)).isEqualTo(tos);
        }
    }

    @Test
    void itIsReadAndWrittenInPlace() {
        for (int tos = 0; tos < 256; tos++) {
            for (boolean ipv4 : new boolean[] {true, false}) {
                Sample sample = Sample.udp(ipv4).data(new Random(tos), 9);
                sample.tos = 0x3b;
                byte[] packet = Sample.amid(sample.packet(), 3, 3);
                Ecn.set(packet, 3, tos);
                sample.tos = tos;
                assertThat(packet).isEqualTo(Sample.amid(sample.packet(), 3, 3));
                assertThat(Ecn.of(packet, 3)).isEqualTo(tos);
            }
        }
    }
}
