package org.ikev2d.core.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.EncryptionAlgorithm;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.wire.EspSpi;
import org.junit.jupiter.api.Test;

class FakeKernelTest {
    private static final IpAddress HERE = IpAddress.of((byte) 192, (byte) 0, (byte) 2, (byte) 1);
    private static final IpAddress THERE = IpAddress.of((byte) 192, (byte) 0, (byte) 2, (byte) 2);
    private static final ReqId TUNNEL = ReqId.ofTunnel(3);
    private static final Packet PACKET =
            Packet.udp(IpAddress.of((byte) 10, (byte) 1, (byte) 0, (byte) 1), 5000, insideThere(), 6000);
    private static final EspSuite GCM = new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, false);
    private static final Optional<CpuId> EVERY_CPU = Optional.empty();
    private static final CpuId CPU1 = new CpuId(1);
    private static final CpuId CPU2 = new CpuId(2);

    private final VirtualClock clock = new VirtualClock();
    private final FakeKernel here = new FakeKernel(1, clock, 4);
    private final FakeKernel there = new FakeKernel(2, clock, 4);

    private static IpAddress insideThere() {
        return IpAddress.of((byte) 10, (byte) 2, (byte) 0, (byte) 1);
    }

    private static SaSpec sa(Direction direction, IpAddress from, SaId id, Optional<CpuId> cpu, int key) {
        byte[] octets = new byte[20];
        octets[0] = (byte) key;
        EspKeys keys = new EspKeys(Secret.owning(octets), Secret.owning(new byte[0]));
        return new SaSpec(direction, from, id, TUNNEL, cpu, GCM, keys, Optional.empty(), 32, 0);
    }

    /** An SA from here to there, at both ends, with keys of its own. */
    private SaId connect(Optional<CpuId> cpu) throws KernelException {
        SaId id = new SaId(THERE, there.allocateSpi(HERE, THERE, TUNNEL));
        there.install(sa(Direction.IN, HERE, id, EVERY_CPU, id.spi().value()));
        here.install(sa(Direction.OUT, HERE, id, cpu, id.spi().value()));
        return id;
    }

    private static PolicySpec policy(Direction direction, boolean cpuAcquire) {
        IpAddress net1 = IpAddress.of((byte) 10, (byte) 1, (byte) 0, (byte) 0);
        IpAddress net2 = IpAddress.of((byte) 10, (byte) 2, (byte) 0, (byte) 0);
        PacketSelector selector = new PacketSelector(net1, 16, net2, 16, 0, 0, 0, 0, 0);
        return new PolicySpec(new PolicyId(direction, selector), TUNNEL, HERE, THERE, 1000, cpuAcquire);
    }

    private void allowAtBothEnds(boolean cpuAcquire) throws KernelException {
        here.setPolicy(policy(Direction.OUT, cpuAcquire));
        there.setPolicy(policy(Direction.IN, false));
        there.setPolicy(policy(Direction.FORWARD, false));
    }

    private static EspPacket encrypted(Departure departure) {
        assertThat(departure).isInstanceOf(Departure.Encrypted.class);
        return ((Departure.Encrypted) departure).packet();
    }

    private static int errno(KernelException refused) {
        return refused.errno();
    }

    @Test
    void sameSeedReservesTheSameSpis() throws KernelException {
        FakeKernel twin = new FakeKernel(1, clock, 4);
        for (int i = 0; i < 10; i++) {
            assertThat(twin.allocateSpi(THERE, HERE, TUNNEL)).isEqualTo(here.allocateSpi(THERE, HERE, TUNNEL));
        }
        assertThat(here.sas()).hasSize(10).allMatch(sa -> sa.larval());
    }

    @Test
    void inboundStateTakesThePlaceOfItsReservationOnce() throws KernelException {
        SaId id = new SaId(HERE, here.allocateSpi(THERE, HERE, TUNNEL));
        here.install(sa(Direction.IN, THERE, id, EVERY_CPU, 1));
        assertThat(here.sas()).singleElement().matches(sa -> !sa.larval());
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> here.install(sa(Direction.IN, THERE, id, EVERY_CPU, 1)))
                .extracting(FakeKernelTest::errno)
                .isEqualTo(FakeKernel.EEXIST);
    }

    @Test
    void inboundStateWithoutReservationIsUnknown() {
        SaId id = new SaId(HERE, new EspSpi(0xc0000001));
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> here.install(sa(Direction.IN, THERE, id, EVERY_CPU, 1)))
                .extracting(FakeKernelTest::errno)
                .isEqualTo(FakeKernel.ESRCH);
    }

    @Test
    void secondOutboundStateOfOneSpiIsRefused() throws KernelException {
        SaId id = connect(EVERY_CPU);
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> here.install(sa(Direction.OUT, HERE, id, EVERY_CPU, 9)))
                .extracting(FakeKernelTest::errno)
                .isEqualTo(FakeKernel.EEXIST);
    }

    @Test
    void reservationExpiresAfterThirtySecondsAndThatIsTold() throws KernelException {
        SaId id = new SaId(HERE, here.allocateSpi(THERE, HERE, TUNNEL));
        clock.set(here.nextDeadline().orElseThrow());
        assertThat(here.takeEvents()).containsExactly(new KernelEvent.Expire(id, TUNNEL, true));
        assertThat(here.sas()).isEmpty();
        assertThat(clock.age()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void cpuBeyondThePossibleOnesIsRefused() {
        SaId id = new SaId(THERE, new EspSpi(0xc0000001));
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> here.install(sa(Direction.OUT, HERE, id, Optional.of(new CpuId(4)), 1)))
                .extracting(FakeKernelTest::errno)
                .isEqualTo(FakeKernel.ERANGE);
    }

    @Test
    void removalsOfWhatIsNotThereAreNoErrors() throws KernelException {
        here.remove(new SaId(THERE, new EspSpi(0xc0000001)));
        here.removePolicy(policy(Direction.OUT, false).id());
        assertThat(here.log()).hasSize(2);
    }

    @Test
    void operationToldToFailFailsOnceAndChangesNothing() throws KernelException {
        here.faults().failAt("ALLOCSPI", 2, FakeKernel.ENOMEM);
        here.allocateSpi(THERE, HERE, TUNNEL);
        assertThatExceptionOfType(KernelException.class)
                .isThrownBy(() -> here.allocateSpi(THERE, HERE, TUNNEL))
                .extracting(FakeKernelTest::errno)
                .isEqualTo(FakeKernel.ENOMEM);
        assertThat(here.sas()).hasSize(1);
        here.allocateSpi(THERE, HERE, TUNNEL);
        assertThat(here.sas()).hasSize(2);
        assertThat(here.faults().allHappened()).isTrue();
    }

    @Test
    void packetPassesWhenBothEndsHaveTheSameKeys() throws KernelException {
        SaId id = connect(EVERY_CPU);
        allowAtBothEnds(false);
        assertThat(there.receive(encrypted(here.send(CPU1, PACKET)))).isEqualTo(new Arrival.Accepted(PACKET));
        assertThat(here.counted(id).packets()).isOne();
        assertThat(there.counted(id).bytes()).isEqualTo(PACKET.size());
        assertThat(here.understands(there)).isTrue();
    }

    @Test
    void packetUnderOtherKeysOrAnUnknownSpiIsDropped() throws KernelException {
        SaId id = connect(EVERY_CPU);
        allowAtBothEnds(false);
        EspPacket packet = encrypted(here.send(CPU1, PACKET));
        here.remove(id);
        here.install(sa(Direction.OUT, HERE, id, EVERY_CPU, 77));
        assertThat(here.understands(there)).isFalse();
        assertThat(there.receive(encrypted(here.send(CPU1, PACKET))))
                .isInstanceOfSatisfying(
                        Arrival.Dropped.class,
                        dropped -> assertThat(dropped.why()).contains("other keys"));
        there.remove(id);
        assertThat(there.receive(packet)).isInstanceOf(Arrival.Dropped.class);
    }

    @Test
    void packetWithoutAnInboundOrForwardPolicyIsDropped() throws KernelException {
        connect(EVERY_CPU);
        allowAtBothEnds(false);
        EspPacket packet = encrypted(here.send(CPU1, PACKET));
        there.removePolicy(policy(Direction.FORWARD, false).id());
        assertThat(there.receive(packet)).isEqualTo(new Arrival.Dropped("XfrmInNoPols: forward"));
    }

    @Test
    void packetWithoutPolicyLeavesInClearAndWithoutAnyStateAsksForOneOnce() throws KernelException {
        assertThat(here.send(CPU1, PACKET)).isEqualTo(new Departure.InClear(PACKET));
        here.setPolicy(policy(Direction.OUT, true));
        assertThat(here.send(CPU1, PACKET)).isInstanceOf(Departure.Dropped.class);
        assertThat(here.send(CPU2, PACKET)).isInstanceOf(Departure.Dropped.class);
        assertThat(here.takeEvents())
                .containsExactly(new KernelEvent.Acquire(1, TUNNEL, Optional.empty(), PACKET.selector()));
    }

    @Test
    void stateOfTheCpuBeatsANewerOneForEveryCpuAndThatOfAnotherCpuIsSkipped() throws KernelException {
        SaId own = connect(Optional.of(CPU1));
        SaId old = connect(EVERY_CPU);
        SaId newer = connect(EVERY_CPU);
        here.setPolicy(policy(Direction.OUT, false));
        assertThat(here.outbound(CPU1, PACKET)).contains(own);
        assertThat(here.outbound(CPU2, PACKET)).contains(newer);
        here.remove(newer);
        assertThat(here.outbound(CPU2, PACKET)).contains(old);
    }

    @Test
    void fallbackThatThePolicyRemembersHidesALaterPerCpuStateUntilThePolicyIsSetAgain() throws KernelException {
        SaId fallback = connect(EVERY_CPU);
        here.setPolicy(policy(Direction.OUT, false));
        assertThat(here.outbound(CPU2, PACKET)).contains(fallback);
        SaId own = connect(Optional.of(CPU1));
        assertThat(here.outbound(CPU1, PACKET)).contains(fallback);
        here.setPolicy(policy(Direction.OUT, false));
        assertThat(here.outbound(CPU1, PACKET)).contains(own);
    }

    @Test
    void connectedFlowStaysOnItsStateUntilThePolicyIsSetAgain() throws KernelException {
        SaId fallback = connect(EVERY_CPU);
        here.setPolicy(policy(Direction.OUT, true));
        Flow flow = new Flow(1, PACKET);
        assertThat(encrypted(here.send(CPU1, flow)).spi()).isEqualTo(fallback.spi());
        SaId one = connect(Optional.of(CPU1));
        SaId two = connect(Optional.of(CPU2));
        assertThat(encrypted(here.send(CPU1, flow)).spi()).isEqualTo(fallback.spi());
        assertThat(encrypted(here.send(CPU1, PACKET)).spi()).isEqualTo(one.spi());
        here.setPolicy(policy(Direction.OUT, true));
        assertThat(encrypted(here.send(CPU1, flow)).spi()).isEqualTo(one.spi());
        assertThat(encrypted(here.send(CPU2, flow)).spi()).isEqualTo(one.spi());
        here.setPolicy(policy(Direction.OUT, true));
        assertThat(encrypted(here.send(CPU2, flow)).spi()).isEqualTo(two.spi());
    }

    @Test
    void connectedFlowLooksAnewWhenItsStateGoesOrGetsASuccessor() throws KernelException {
        SaId first = connect(EVERY_CPU);
        here.setPolicy(policy(Direction.OUT, true));
        Flow flow = new Flow(1, PACKET);
        assertThat(encrypted(here.send(CPU1, flow)).spi()).isEqualTo(first.spi());
        SaId second = connect(EVERY_CPU);
        here.setPolicy(policy(Direction.OUT, false));
        assertThat(encrypted(here.send(CPU1, flow)).spi()).isEqualTo(second.spi());
        here.remove(second);
        assertThat(encrypted(here.send(CPU1, flow)).spi()).isEqualTo(first.spi());
    }

    @Test
    void cpuWithoutItsOwnStateAsksOnceAndIsCutOffUntilTheFlagIsCleared() throws KernelException {
        SaId fallback = connect(EVERY_CPU);
        here.setPolicy(policy(Direction.OUT, true));
        assertThat(encrypted(here.send(CPU1, PACKET)).spi()).isEqualTo(fallback.spi());
        assertThat(here.takeEvents())
                .containsExactly(new KernelEvent.Acquire(1, TUNNEL, Optional.of(CPU1), PACKET.selector()));
        assertThat(here.send(CPU1, PACKET)).isInstanceOf(Departure.Dropped.class);
        assertThat(here.takeEvents()).isEmpty();
        here.setPolicy(policy(Direction.OUT, false));
        assertThat(encrypted(here.send(CPU1, PACKET)).spi()).isEqualTo(fallback.spi());
        assertThat(here.acquires()).isOne();
    }

    @Test
    void unansweredAcquireTimesOutAndTheCpuAsksAgain() throws KernelException {
        connect(EVERY_CPU);
        here.setPolicy(policy(Direction.OUT, true));
        here.send(CPU1, PACKET);
        clock.advance(FakeKernel.LARVAL_LIFE.minusNanos(1));
        assertThat(here.send(CPU1, PACKET)).isInstanceOf(Departure.Dropped.class);
        clock.advance(Duration.ofNanos(1));
        encrypted(here.send(CPU1, PACKET));
        assertThat(here.takeEvents()).hasSize(2);
    }

    @Test
    void stateForTheCpuAnswersItsAcquire() throws KernelException {
        connect(EVERY_CPU);
        here.setPolicy(policy(Direction.OUT, true));
        here.send(CPU1, PACKET);
        SaId two = connect(Optional.of(CPU2));
        assertThat(here.acquires()).isOne();
        SaId one = connect(Optional.of(CPU1));
        assertThat(here.acquires()).isZero();
        assertThat(here.outbound(CPU1, PACKET)).contains(one);
        assertThat(here.outbound(CPU2, PACKET)).contains(two);
    }

    @Test
    void contentsAreEmptyAgainAfterEverythingWasRemoved() throws KernelException {
        SaId id = connect(EVERY_CPU);
        allowAtBothEnds(false);
        assertThat(here.contents()).hasSize(2);
        here.remove(id);
        here.removePolicy(policy(Direction.OUT, false).id());
        assertThat(here.contents()).isEqualTo(List.of());
    }
}
