package org.ikev2d.xfrm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ikev2d.xfrm.codec.Samples.address;
import static org.ikev2d.xfrm.codec.Samples.between;
import static org.ikev2d.xfrm.codec.Samples.gcm;
import static org.ikev2d.xfrm.codec.Samples.keysFor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.codec.Placement;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.socket.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the running kernel, in a network namespace of each test's own. */
@Tag("kernel")
class XfrmKernelTest {
    private static final IpAddress LOCAL = address("192.0.2.1");
    private static final IpAddress REMOTE = address("198.51.100.2");
    private static final ReqId REQID = ReqId.ofTunnel(5);
    private static final PacketSelector THERE = between("10.1.0.0/16", "10.2.0.0/16");
    private static final PolicyId OUT = new PolicyId(Direction.OUT, THERE);

    private NetworkNamespace namespace;
    private XfrmKernel kernel;

    @BeforeEach
    void open() throws Exception {
        namespace = NetworkNamespace.enter();
        kernel = namespace.call(XfrmKernel::open);
    }

    @AfterEach
    void close() {
        if (kernel != null) {
            kernel.close();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void allKindsOfPoliciesComeBackAsTheyWereSet() throws Exception {
        PacketSelector dns = new PacketSelector(THERE.source(), 16, THERE.destination(), 16, 17, 0, 0, 53, 0xffff);
        List<PolicySpec> policies = List.of(
                policy(Direction.OUT, THERE, true),
                policy(Direction.IN, THERE.reversed(), false),
                policy(Direction.FORWARD, THERE.reversed(), false),
                policy(Direction.OUT, dns, false),
                policy(Direction.OUT, between("2001:db8:a::/48", "2001:db8:b::/47"), true),
                new PolicySpec(
                        new PolicyId(Direction.OUT, between("0.0.0.0/0", "10.3.0.0/31")),
                        REQID.holding(),
                        address("2001:db8::1"),
                        address("2001:db8::2"),
                        Integer.MAX_VALUE,
                        false),
                new PolicySpec(
                        new PolicyId(Direction.OUT, between("10.4.0.0/16", "10.5.0.0/16")),
                        REQID.holding(),
                        LOCAL,
                        address("198.51.100.3"),
                        7,
                        false,
                        PolicySpec.Action.BLOCK),
                new PolicySpec(
                        new PolicyId(Direction.IN, between("198.51.100.2/32", "192.0.2.1/32")),
                        REQID,
                        REMOTE,
                        LOCAL,
                        7,
                        false,
                        PolicySpec.Action.TRANSPORT));
        for (PolicySpec policy : policies) {
            kernel.setPolicy(policy);
        }
        assertThat(kernel.installedPolicies()).containsExactlyInAnyOrderElementsOf(policies);

        for (PolicySpec policy : policies) {
            kernel.removePolicy(policy.id());
        }
        assertThat(kernel.installedPolicies()).isEmpty();
        assertThat(namespace.run("ip", "xfrm", "policy")).isEmpty();
    }

    @Test
    void aPolicyIsReplacedByItsSelector() throws Exception {
        kernel.setPolicy(policy(Direction.OUT, THERE, true));
        PolicySpec other = new PolicySpec(OUT, REQID.holding(), LOCAL, address("198.51.100.3"), 7, false);
        kernel.setPolicy(other);
        assertThat(kernel.installedPolicies()).containsExactly(other);
    }

    @Test
    void removingWhatIsNotThereIsNoError() throws Exception {
        kernel.removePolicy(OUT);
        kernel.remove(new SaId(LOCAL, new EspSpi(0xc0000001)));
        assertThat(kernel.usage(new SaId(LOCAL, new EspSpi(0xc0000001)))).isEmpty();
    }

    @Test
    void policiesOfOthersAreLeftAlone() throws Exception {
        addPolicyOfOthers("dir", "out");
        String before = namespace.run("ip", "xfrm", "policy");

        assertThatThrownBy(() -> kernel.setPolicy(policy(Direction.OUT, THERE, true)))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("OUT from 10.1.0.0/16 to 10.2.0.0/16")
                .hasMessageContaining("another program");
        kernel.removePolicy(OUT);

        assertThat(kernel.installedPolicies()).isEmpty();
        assertThat(namespace.run("ip", "xfrm", "policy")).isEqualTo(before).contains("reqid 77");
    }

    @Test
    void clearingTheFlagKeepsEverythingElseAndTouchesNobody() throws Exception {
        addPolicyOfOthers("mark", "9", "dir", "out");
        namespace.run(
                "ip",
                "xfrm",
                "policy",
                "add",
                "src",
                "10.1.0.0/16",
                "dst",
                "10.2.0.0/16",
                "mark",
                "3",
                "mask",
                "0xf",
                "dir",
                "out",
                "priority",
                "44",
                "if_id",
                "6",
                "flag",
                "0x5",
                "tmpl",
                "src",
                "192.0.2.1",
                "dst",
                "198.51.100.2",
                "proto",
                "esp",
                "reqid",
                Integer.toString(REQID.value()),
                "mode",
                "tunnel");
        kernel.setPolicy(policy(Direction.OUT, THERE, true));
        kernel.setPolicy(policy(Direction.IN, THERE.reversed(), false));

        assertThat(kernel.clearCpuAcquire(Set.of(ReqId.ofTunnel(6)))).isZero();
        assertThat(kernel.installedPolicies())
                .filteredOn(PolicySpec::cpuAcquire)
                .hasSize(2);
        assertThat(kernel.clearCpuAcquire()).isEqualTo(2);
        assertThat(kernel.clearCpuAcquire()).isZero();

        assertThat(kernel.installedPolicies()).hasSize(3).noneMatch(PolicySpec::cpuAcquire);
        assertThat(namespace.run("ip", "xfrm", "policy"))
                .containsPattern("dir out priority 44 (ptype main )?flag localok\\s+mark 0x3/0xf \\R")
                .contains("if_id 0x6")
                .containsPattern("dir out priority 1 (ptype main )?flag 4\\s+mark 0x9");
    }

    @Test
    void reservedSpisAreDistinctOursAndLarval() throws Exception {
        Set<EspSpi> spis = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            spis.add(kernel.allocateSpi(REMOTE, LOCAL, REQID));
        }
        EspSpi spi6 = kernel.allocateSpi(address("2001:db8::2"), address("2001:db8::1"), REQID.holding());

        assertThat(spis).hasSize(50).allMatch(spi -> spi.value() >>> 30 == 3);
        assertThat(kernel.installedSas())
                .hasSize(51)
                .contains(new InstalledSa(
                        new SaId(address("2001:db8::1"), spi6),
                        address("2001:db8::2"),
                        REQID.holding(),
                        Optional.of(Direction.IN),
                        Optional.empty(),
                        true));
        assertThat(kernel.usage(new SaId(LOCAL, spis.iterator().next()))).contains(SaUsage.NONE);

        for (InstalledSa sa : kernel.installedSas()) {
            kernel.remove(sa.id());
        }
        assertThat(kernel.installedSas()).isEmpty();
        assertThat(namespace.run("ip", "xfrm", "state")).isEmpty();
    }

    @Test
    void statesOfOthersAreLeftAlone() throws Exception {
        namespace.run(
                "ip",
                "xfrm",
                "state",
                "allocspi",
                "src",
                "198.51.100.2",
                "dst",
                "192.0.2.1",
                "proto",
                "esp",
                "mode",
                "tunnel",
                "reqid",
                "77",
                "min",
                "0xc0000001",
                "max",
                "0xc0000001");
        SaId theirs = new SaId(LOCAL, new EspSpi(0xc0000001));

        kernel.remove(theirs);
        assertThat(kernel.usage(theirs)).isEmpty();
        assertThat(kernel.installedSas()).isEmpty();
        assertThatThrownBy(() -> install(Direction.IN, REMOTE, theirs)).hasMessageContaining("another program");
        assertThat(namespace.run("ip", "xfrm", "state")).contains("reqid 77");
    }

    @Test
    void refusalsSayWhatWasAskedAndWhatHelps() throws Exception {
        Capabilities capabilities = namespace.call(XfrmKernel::probe);
        SaId id = new SaId(REMOTE, new EspSpi(0xc0000001));
        if (capabilities.esp4().isThere()) {
            install(Direction.OUT, LOCAL, id);
            assertThatThrownBy(() -> install(Direction.OUT, LOCAL, id))
                    .isInstanceOfSatisfying(
                            KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST.number()))
                    .hasMessageContaining("NEWSA 0xc0000001 to 198.51.100.2: ");
        } else {
            assertThatThrownBy(() -> install(Direction.OUT, LOCAL, id))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("NEWSA 0xc0000001 to 198.51.100.2: Requested ")
                    .hasMessageContaining("not found (");
        }
    }

    @Test
    void aReplayWindowThatTheKernelCannotKeepIsRefused() {
        assertThatThrownBy(() -> {
                    EspSuite suite = gcm(128, true);
                    try (EspKeys keys = keysFor(suite)) {
                        kernel.install(new SaSpec(
                                Direction.IN,
                                REMOTE,
                                new SaId(LOCAL, new EspSpi(0xc0000001)),
                                REQID,
                                Optional.empty(),
                                suite,
                                keys,
                                Optional.empty(),
                                4097,
                                0));
                    }
                })
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("replay window 4097");
    }

    @Test
    void probingLeavesNothingBehind() throws Exception {
        Capabilities capabilities = namespace.call(XfrmKernel::probe);

        assertThat(namespace.run("ip", "xfrm", "state")).isEmpty();
        assertThat(capabilities.xfrm().isThere()).isTrue();
        assertThat(capabilities.netAdmin().isThere()).isTrue();
        assertThat(capabilities.summary())
                .startsWith("kernel has: XFRM, CAP_NET_ADMIN")
                .doesNotContain("\n");
        assertThat(capabilities.esp4().isThere())
                .isEqualTo(!capabilities.summary().contains("no ESP over IPv4"));
    }

    @Test
    void whatHasAPlacementIsAnInstancesOwn() throws Exception {
        Placement placement = new Placement(6, Optional.of(new Placement.Mark(3, 0xf)), Optional.empty());
        PolicySpec policy = policy(Direction.OUT, THERE, false);
        try (XfrmKernel placed = namespace.call(() -> XfrmKernel.open(placement))) {
            placed.setPolicy(policy);
            placed.setPolicy(policy);
            SaId id = new SaId(LOCAL, placed.allocateSpi(REMOTE, LOCAL, REQID));

            kernel.removePolicy(policy.id());
            kernel.remove(id);
            assertThat(kernel.installedPolicies()).containsExactly(policy);
            assertThat(kernel.installedSas()).hasSize(1);

            placed.removePolicy(policy.id());
            placed.remove(id);
            assertThat(kernel.installedPolicies()).isEmpty();
            assertThat(kernel.installedSas()).isEmpty();
        }
    }

    @Test
    void withoutRightsEverythingIsRefusedWithTheRemedy() throws Exception {
        try (NetworkNamespace powerless = NetworkNamespace.enter()) {
            powerless.dropRights();
            Capabilities capabilities = powerless.call(XfrmKernel::probe);
            assertThat(capabilities.xfrm().isThere()).isTrue();
            assertThat(capabilities.netAdmin().isThere()).isFalse();
            assertThat(capabilities.summary())
                    .isEqualTo("kernel has: XFRM; no CAP_NET_ADMIN, no ESP over IPv4, no ESP over IPv6, no SA_DIR, "
                            + "no SA_PCPU: operation not permitted (EPERM); "
                            + "this needs CAP_NET_ADMIN in the network namespace");
            try (XfrmKernel refused = powerless.call(XfrmKernel::open)) {
                assertThatThrownBy(() -> powerless.call(refused::installedPolicies))
                        .isInstanceOf(KernelException.class)
                        .hasMessage("GETPOLICY of all policies: operation not permitted (EPERM); "
                                + "this needs CAP_NET_ADMIN in the network namespace");
            }
        }
    }

    @Test
    void manyPoliciesFillSeveralDatagrams() throws Exception {
        int count = 1000;
        for (int i = 0; i < count; i++) {
            String network = "10." + (i >> 8) + "." + (i & 0xff) + ".0/24";
            kernel.setPolicy(policy(Direction.OUT, between("10.200.0.0/16", network), i % 2 == 0));
        }
        assertThat(kernel.installedPolicies()).hasSize(count).doesNotHaveDuplicates();
        assertThat(kernel.clearCpuAcquire()).isEqualTo(count / 2);
    }

    private static PolicySpec policy(Direction direction, PacketSelector selector, boolean cpuAcquire) {
        boolean out = direction == Direction.OUT;
        return new PolicySpec(
                new PolicyId(direction, selector), REQID, out ? LOCAL : REMOTE, out ? REMOTE : LOCAL, 1000, cpuAcquire);
    }

    private void install(Direction direction, IpAddress source, SaId id) throws KernelException {
        EspSuite suite = gcm(128, false);
        try (EspKeys keys = keysFor(suite)) {
            kernel.install(
                    new SaSpec(direction, source, id, REQID, Optional.empty(), suite, keys, Optional.empty(), 0, 0));
        }
    }

    private void addPolicyOfOthers(String... more) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("ip", "xfrm", "policy", "add", "src", "10.1.0.0/16", "dst", "10.2.0.0/16"));
        command.addAll(List.of(more));
        command.addAll(List.of(
                "priority",
                "1",
                "flag",
                "0x4",
                "tmpl",
                "src",
                "192.0.2.1",
                "dst",
                "198.51.100.2",
                "proto",
                "esp",
                "reqid",
                "77",
                "mode",
                "tunnel"));
        namespace.run(command.toArray(new String[0]));
    }
}
