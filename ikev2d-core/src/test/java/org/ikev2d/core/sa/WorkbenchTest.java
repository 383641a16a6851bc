package org.ikev2d.core.sa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.wire.IkeSpi;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.VirtualClock;
import org.junit.jupiter.api.Test;

final class WorkbenchTest {
    private static Workbench drawing(String... octets) {
        Deque<String> drawn = new ArrayDeque<>(List.of(octets));
        return new Workbench(
                EnginePolicy.of(List.of()),
                Cpus.firstOnes(1),
                new FakeKernel(1, new VirtualClock(), 1),
                new JcaAlgorithms(new SystemEntropy()),
                count -> Bytes.hex(drawn.remove()).toArray());
    }

    @Holds({"7296-2.6-a", "7296-3.1-c"})
    @Test
    void spiIsNeitherZeroNorThatOfAnotherIkeSa_rfc7296_2_6() {
        Workbench bench = drawing(
                "0000000000000000",
                "8000000000000001",
                "8000000000000001",
                "0000000000000000",
                "8000000000000001",
                "00000000000000ff");
        assertThat(bench.ikeSpi()).isEqualTo(new IkeSpi(0x8000_0000_0000_0001L));
        assertThat(bench.ikeSpi()).isEqualTo(new IkeSpi(0xff));
    }
}
