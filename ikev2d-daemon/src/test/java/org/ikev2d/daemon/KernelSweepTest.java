package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.VirtualClock;
import org.junit.jupiter.api.Test;

class KernelSweepTest {
    private static final ReqId A = ReqId.ofTunnel(0);
    private static final ReqId B = ReqId.ofTunnel(1);
    private static final ReqId C = ReqId.ofTunnel(2);

    private final FakeKernel kernel = new FakeKernel(1, new VirtualClock(), 4);
    private final KernelSweep sweep = new KernelSweep(kernel);

    private void policy(int net, ReqId reqId) throws KernelException {
        IpAddress there = Tunnels.host(net);
        kernel.setPolicy(new PolicySpec(
                new PolicyId(Direction.OUT, new PacketSelector(Tunnels.host(9), 16, there, 16, 0, 0, 0, 0, 0)),
                reqId,
                Tunnels.LEFT,
                Tunnels.RIGHT,
                1000,
                true));
    }

    private void reservation(ReqId reqId) throws KernelException {
        assertThat(kernel.allocateSpi(Tunnels.RIGHT, Tunnels.LEFT, reqId)).isNotNull();
    }

    @Test
    void whatTheTunnelsHaveGoesTheHoldingPoliciesToo() throws KernelException {
        policy(1, A);
        policy(2, A.holding());
        policy(3, B);
        reservation(A);
        reservation(B);
        assertThat(sweep.remove(Map.of(A, OnStop.REMOVE))).isEqualTo(3);
        assertThat(kernel.policies()).extracting(PolicySpec::reqId).containsExactly(B);
        assertThat(kernel.sas()).extracting(sa -> sa.reqId()).containsExactly(B);
        assertThat(sweep.remove(Map.of(A, OnStop.REMOVE))).isZero();
    }

    @Test
    void ofTunnelsThatDropWhenStoppedThePoliciesStay() throws KernelException {
        policy(1, A);
        policy(2, A.holding());
        reservation(A);
        assertThat(sweep.remove(Map.of(A, OnStop.DROP))).isEqualTo(1);
        assertThat(kernel.policies()).extracting(PolicySpec::reqId).containsExactly(A, A.holding());
        assertThat(kernel.sas()).isEmpty();
    }

    @Test
    void aNameIsForgottenWhenItIsNotConfiguredAndTheKernelHasNothingOfIt() throws KernelException {
        policy(1, A.holding());
        reservation(B);
        Map<String, ReqId> record = Map.of("a", A, "b", B, "c", C, "d", ReqId.ofTunnel(3));
        assertThat(sweep.forgettable(record, List.of("d"))).containsExactly("c");
    }
}
