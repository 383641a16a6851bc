package org.ikev2d.xfrm.userspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.EspMode;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaLimits;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.wire.EspSpi;
import org.junit.jupiter.api.Test;

class UserspaceKernelTest {
    private static final IpAddress HERE = IpAddress.parse("192.0.2.1");
    private static final IpAddress THERE = IpAddress.parse("198.51.100.2");
    private static final ReqId REQID = ReqId.ofTunnel(0);
    private static final CpuId SECOND = new CpuId(1);

    private final Units units = new Units(List.of(new CpuId(0), SECOND));
    private final UserspaceKernel kernel = new UserspaceKernel(
            units,
            (sa, wear) -> new OutboundState(sa, new OutboundState.Surroundings(2, 0, 0, 1500, wear)),
            tables -> {},
            new Events());

    private void policy() throws KernelException {
        PacketSelector selector =
                new PacketSelector(IpAddress.parse("10.1.0.0"), 16, IpAddress.parse("10.2.0.0"), 16, 0, 0, 0, 0, 0);
        kernel.setPolicy(new PolicySpec(new PolicyId(Direction.OUT, selector), REQID, HERE, THERE, 1, false));
    }

    private SaId outbound(int spi, Optional<CpuId> cpu) throws KernelException {
        SaId id = new SaId(THERE, new EspSpi(spi));
        try (EspKeys keys = new EspKeys(Secret.owning(new byte[20]), Secret.owning(new byte[0]))) {
            kernel.install(new SaSpec(
                    Direction.OUT,
                    HERE,
                    id,
                    REQID,
                    cpu,
                    new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, false),
                    keys,
                    Optional.empty(),
                    0,
                    0));
        }
        return id;
    }

    private Questions questions(Tables tables) {
        Flow flow = new Flow();
        byte[] packet = new byte[28];
        packet[0] = 0x45;
        packet[3] = 28;
        packet[9] = 17;
        packet[12] = 10;
        packet[13] = 1;
        packet[16] = 10;
        packet[17] = 2;
        assertThat(flow.read(packet, 0, packet.length)).isTrue();
        return tables.outbound(flow).questions();
    }

    /** A worker may still look at the tables of before when the answer comes: it asks, though nobody hears it any more. */
    @Test
    void whatIsAskedWhileTheAnswerComesIsAskedAgainWhenTheSaIsGone() throws KernelException {
        policy();
        Tables before = kernel.tables();
        assertThat(questions(before).askForAny(1)).isTrue();
        SaId fallback = outbound(0xc0000001, Optional.empty());
        assertThat(questions(before).askForAny(2)).isTrue();
        SaId own = outbound(0xc0000002, Optional.of(SECOND));
        assertThat(questions(before).askFor(1, 3)).isTrue();
        kernel.remove(own);
        assertThat(questions(kernel.tables()).askFor(1, 4)).isTrue();
        kernel.remove(fallback);
        assertThat(questions(kernel.tables()).askForAny(5)).isTrue();
    }

    @Test
    void transportModeIsRefusedInPlainWords() throws KernelException {
        PolicySpec policy = new PolicySpec(
                new PolicyId(Direction.OUT, new PacketSelector(HERE, 32, THERE, 32, 0, 0, 0, 0, 0)),
                REQID,
                HERE,
                THERE,
                1,
                false,
                PolicySpec.Action.TRANSPORT);
        assertThatThrownBy(() -> kernel.setPolicy(policy))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("no transport mode; write mode = \"tunnel\"");
        try (EspKeys keys = new EspKeys(Secret.owning(new byte[20]), Secret.owning(new byte[0]))) {
            SaSpec sa = new SaSpec(
                    Direction.OUT,
                    HERE,
                    new SaId(THERE, new EspSpi(0xc0000001)),
                    REQID,
                    Optional.empty(),
                    EspMode.TRANSPORT,
                    new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, false),
                    keys,
                    Optional.empty(),
                    0,
                    0,
                    SaLimits.UNLIMITED);
            assertThatThrownBy(() -> kernel.install(sa)).hasMessageContaining("no transport mode");
        }
        assertThat(kernel.installedPolicies()).isEmpty();
        assertThat(kernel.installedSas()).isEmpty();
    }

    @Test
    void aMovedSaKeepsItsKeysAndCountersAndGoesByAnotherName() throws KernelException {
        policy();
        SaId fallback = outbound(0xc0000001, Optional.empty());
        OutboundState state = (OutboundState) kernel.tables().states.get(fallback);
        OuterHeader elsewhere =
                new OuterHeader(HERE, IpAddress.parse("203.0.113.9"), Optional.of(new Encapsulation(4500, 40001)));
        int before = state.innerMtu();
        SaId moved = kernel.move(fallback, elsewhere);
        assertThat(moved).isEqualTo(new SaId(elsewhere.destination(), fallback.spi()));
        assertThat(kernel.tables().states).containsExactly(Map.entry(moved, state));
        assertThat(state.peer()).isEqualTo(new Endpoint(elsewhere.destination(), 40001));
        assertThat(state.innerMtu()).as("UDP takes its part").isLessThan(before);
        kernel.remove(fallback);
        assertThat(kernel.installedSas()).extracting(InstalledSa::id).containsExactly(moved);
        SaId other = outbound(0xc0000001, Optional.empty());
        assertThatThrownBy(() -> kernel.move(other, elsewhere)).hasMessageContaining("is there already");
        kernel.remove(other);
        assertThatThrownBy(() -> kernel.move(other, elsewhere)).hasMessageContaining("no such SA");
    }

    /** Each packet says it until the engine has heard it. */
    @Test
    void anotherSourceIsToldAndNotWithEachPacket() throws KernelException {
        List<KernelEvent> told = new ArrayList<>();
        Events events = new Events();
        events.listen(told::add);
        UserspaceKernel receiving =
                new UserspaceKernel(units, (sa, wear) -> new InboundState(sa, 2, wear), tables -> {}, events);
        SaId id = new SaId(HERE, receiving.allocateSpi(THERE, HERE, REQID));
        try (EspKeys keys = new EspKeys(Secret.owning(new byte[20]), Secret.owning(new byte[0]))) {
            receiving.install(new SaSpec(
                    Direction.IN,
                    THERE,
                    id,
                    REQID,
                    Optional.empty(),
                    new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, false),
                    keys,
                    Optional.of(new Encapsulation(4500, 4500)),
                    32,
                    0));
        }
        InboundState state = (InboundState) receiving.tables().states.get(id);
        Endpoint elsewhere = new Endpoint(THERE, 40001);
        receiving.cameFrom(state, new Endpoint(THERE, 4500));
        assertThat(told).isEmpty();
        for (int packet = 0; packet < 1000; packet++) {
            receiving.cameFrom(state, elsewhere);
        }
        assertThat(told).contains(new KernelEvent.Mapping(id, REQID, new Endpoint(THERE, 4500), elsewhere));
        assertThat(told).hasSizeLessThan(100);
        receiving.move(id, new OuterHeader(THERE, HERE, Optional.of(new Encapsulation(40001, 4500))));
        told.clear();
        receiving.cameFrom(state, elsewhere);
        assertThat(told).isEmpty();
    }
}
