package org.ikev2d.xfrm.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.ikev2d.core.kernel.Direction;
import org.ikev2d.xfrm.socket.EncapsulationSocket;
import org.ikev2d.xfrm.socket.NetworkNamespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SocketPolicyTest {
    @Test
    void theyHaveTheStructuresSize() {
        for (Direction direction : Direction.values()) {
            assertThat(SocketPolicy.bypass(true, direction).size()).isEqualTo(168);
            assertThat(SocketPolicy.bypass(false, direction).at(40)).isEqualTo(AddressFamily.INET6);
        }
    }

    @Test
    @Tag("kernel")
    void theKernelTakesThem() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.enter();
                EncapsulationSocket socket =
                        namespace.call(() -> new EncapsulationSocket(Samples.address("0.0.0.0"), 4500))) {
            socket.setPolicy(SocketPolicy.bypass(true, Direction.IN));
            socket.setPolicy(SocketPolicy.bypass(true, Direction.OUT));
            assertThat(namespace.run("ip", "xfrm", "policy"))
                    .contains("socket in priority 0")
                    .contains("socket out priority 0");
        }
    }
}
