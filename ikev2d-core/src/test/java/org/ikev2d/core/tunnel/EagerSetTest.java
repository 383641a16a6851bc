package org.ikev2d.core.tunnel;

import java.time.Duration;
import java.util.List;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.world.Engines;
import org.ikev2d.core.world.Gateway;
import org.ikev2d.core.world.Traffic;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.World;
import org.junit.jupiter.api.Test;

final class EagerSetTest {
    @Test
    void bothEndsHaveAFallbackAndOneSaPerCpuBeforeAnyTraffic() {
        World.play(1, world -> {
            Tunnels tunnels = Tunnels.pair();
            Gateway left = gateway(world, "left", tunnels.left(), Tunnels.LEFT);
            Gateway right = gateway(world, "right", tunnels.right(), Tunnels.RIGHT);
            right.start();
            left.start();
            world.runUntil("whole set", Duration.ofSeconds(5), () -> children(left) == 5 && children(right) == 5);
            world.runFor(Duration.ofSeconds(3));
            Traffic traffic = new Traffic(world, left, Tunnels.host(1), Tunnels.host(2), Duration.ofMillis(10)).start();
            world.runFor(Duration.ofSeconds(1));
            traffic.stop();
            world.runFor(Duration.ofSeconds(1));
            world.expect(traffic.losses().isEmpty(), traffic.toString());
            world.expect(traffic.everyCpuUsesItsOwn(), traffic.toString());
        });
    }

    private static int children(Gateway gateway) {
        return gateway.status("t").map(TunnelStatus::children).map(List::size).orElse(0);
    }

    private static Gateway gateway(World world, String name, TunnelDraft draft, IpAddress address) {
        TunnelPolicy policy = draft.policy();
        Engines engines = (cpus, kernel, algorithms, entropy) ->
                new IkeEngine(EnginePolicy.of(List.of(policy)), cpus, kernel, algorithms, entropy);
        return world.gateway(name, address, Cpus.firstOnes(4), engines).lends(policy.psk());
    }
}
