package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.xfrm.Capabilities;
import org.ikev2d.xfrm.Capabilities.Capability;
import org.junit.jupiter.api.Test;

class KernelPlaneTest {
    private static final EnginePolicy POLICY =
            EnginePolicy.of(List.of(Tunnels.pair().left().policy()));

    /** All but those whose initial is in {@code missing}: xfrm, Net admin, 4, 6, Direction, Cpu. */
    private static KernelPlane without(String missing) {
        return new KernelPlane(
                new Capabilities(
                        capability("XFRM", missing.contains("x")),
                        capability("CAP_NET_ADMIN", missing.contains("n")),
                        capability("ESP over IPv4", missing.contains("4")),
                        capability("ESP over IPv6", missing.contains("6")),
                        capability("SA_DIR", missing.contains("d")),
                        capability("SA_PCPU", missing.contains("c"))),
                "asked for");
    }

    private static Capability capability(String name, boolean missing) {
        return new Capability(name, missing ? "for lack of " + name : "");
    }

    @Test
    void aCompleteKernelTakesThePolicyAsItIs() {
        KernelPlane complete = without("");
        assertThat(complete.refusal()).isEmpty();
        assertThat(complete.facts().cannot()).isEmpty();
        assertThat(complete.fit(POLICY)).isEqualTo(POLICY);
        assertThat(complete.ports(POLICY)).matches(plan -> plan.ipv4Esp() && plan.ipv6Esp());
    }

    @Test
    void withoutPerCpuStatesEveryTunnelHasOneOrdinaryChildSa() {
        for (String missing : List.of("c", "d", "dc")) {
            KernelPlane old = without(missing);
            QueuePolicy queues = old.fit(POLICY).tunnels().get(0).queues();
            assertThat(queues.count()).isEqualTo(OptionalInt.of(0));
            assertThat(queues.limit()).isEqualTo(OptionalInt.of(0));
            assertThat(queues.mode()).isEqualTo(QueuePolicy.Mode.EAGER);
            assertThat(old.fit(POLICY).tunnels().get(0).name())
                    .isEqualTo(POLICY.tunnels().get(0).name());
            assertThat(old.facts().summary()).contains("one ordinary Child SA");
        }
        assertThat(without("c").facts().cannot())
                .containsExactly(
                        "no SA_PCPU: every tunnel has one ordinary Child SA, as with queues = 0 (for lack of SA_PCPU)");
    }

    @Test
    void withoutXfrmOrTheRightToItThereIsNoUse() {
        assertThat(without("xn46dc").refusal()).contains("cannot use the kernel's IPsec: no XFRM: for lack of XFRM");
        assertThat(without("n46dc").refusal())
                .hasValueSatisfying(text -> assertThat(text).contains("no CAP_NET_ADMIN"));
    }

    @Test
    void withoutEspItRunsAndLeavesTheEspOfItsPortsAlone() {
        KernelPlane plain = without("46");
        assertThat(plain.refusal()).isEmpty();
        assertThat(plain.facts().cannot()).hasSize(2);
        assertThat(plain.facts().can()).containsExactly("XFRM", "CAP_NET_ADMIN", "SA_DIR", "SA_PCPU");
        assertThat(plain.ports(POLICY)).matches(plan -> !plan.ipv4Esp() && !plan.ipv6Esp());
        assertThat(without("6").ports(POLICY)).matches(plan -> plan.ipv4Esp() && !plan.ipv6Esp());
    }

    @Test
    void eachLocalAddressIsBoundWithBothPortsAndBypassesIpsec() {
        EnginePolicy both = EnginePolicy.of(
                List.of(Tunnels.pair().left().policy(), Tunnels.pair().left().policy()));
        assertThat(without("").ports(both)).satisfies(plan -> {
            assertThat(plan.addresses()).containsExactly(Tunnels.LEFT);
            assertThat(plan.ikePort()).isEqualTo(500);
            assertThat(plan.natPort()).isEqualTo(4500);
            assertThat(plan.bypass().ipv4()).hasSize(2).doesNotHaveDuplicates();
            assertThat(plan.bypass().ipv6()).hasSize(2).doesNotHaveDuplicates();
        });
    }
}
