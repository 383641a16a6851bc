package org.ikev2d.daemon;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.engine.TunnelStatus.ChildKind;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.QueuePolicy;
import org.ikev2d.core.policy.RetransmitSchedule;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.tunnel.IkeEngine;
import org.ikev2d.core.world.FakeKernel;
import org.ikev2d.core.world.TunnelDraft;
import org.ikev2d.core.world.Tunnels;
import org.ikev2d.core.world.VirtualClock;
import org.ikev2d.daemon.loop.EngineHost;
import org.ikev2d.daemon.loop.MonoClock;
import org.ikev2d.daemon.net.PortPlan;
import org.ikev2d.daemon.net.PortUnavailableException;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.daemon.observe.Counter;
import org.ikev2d.daemon.observe.Counters;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.RecordingLogger;
import org.ikev2d.daemon.observe.StatusBoard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;

/** Two whole engines on threads of their own, with real sockets and real time between them; only the kernels are fake. */
@Timeout(120)
class TwoGatewaysTest {
    private static final int CPUS = 4;
    private static final int IKE_PORT = 15500;
    private static final int NAT_PORT = 14500;

    private final List<Gateway> gateways = new ArrayList<>();

    /** Everything of a daemon but configuration, kernel and control socket. */
    private static final class Gateway {
        final RecordingLogger lines = new RecordingLogger(Level.DEBUG);
        final EventLog log = new EventLog(lines, MonoClock::now);
        final Counters counters = new Counters();
        final FakeKernel kernel;
        final TunnelPolicy tunnel;
        final UdpPorts ports;
        final StatusBoard board;
        final EngineHost engine;

        Gateway(TunnelPolicy tunnel, long seed) throws PortUnavailableException {
            this.tunnel = tunnel;
            EnginePolicy policy = new EnginePolicy(
                    List.of(tunnel),
                    IKE_PORT,
                    NAT_PORT,
                    RetransmitSchedule.DEFAULT,
                    64,
                    64,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(20),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1),
                    // Long: the peer alone makes the set, however slow this machine is.
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(50),
                    1280,
                    16);
            kernel = new FakeKernel(seed, new VirtualClock(), CPUS);
            ports = UdpPorts.bind(PortPlan.ofIke(List.of(tunnel.local()), IKE_PORT, NAT_PORT), counters, log::tell);
            board = StatusBoard.of(policy, Cpus.firstOnes(CPUS));
            SystemEntropy entropy = new SystemEntropy();
            engine = EngineHost.start(
                    new IkeEngine(policy, Cpus.firstOnes(CPUS), kernel, new JcaAlgorithms(entropy), entropy),
                    ports,
                    board,
                    (question, answer) -> {},
                    log,
                    counters);
        }

        TunnelStatus status() {
            return board.of(tunnel.name()).orElseThrow();
        }

        boolean hasFullSet() {
            TunnelStatus status = status();
            Stream<CpuId> cpus = status.children().stream().flatMap(child -> child.cpu().stream());
            return status.state() == TunnelStatus.State.UP && cpus.distinct().count() == CPUS;
        }

        void stop(boolean keep) {
            engine.stop(keep);
            engine.ended().orTimeout(30, SECONDS).join();
        }
    }

    /** Addresses of this run's own, so that nobody else has their ports. */
    private static IpAddress loopback(int last) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return IpAddress.of((byte) 127, (byte) (64 + random.nextInt(64)), (byte) random.nextInt(256), (byte) last);
    }

    private Tunnels between() {
        return Tunnels.between(loopback(1), loopback(2), Tunnels.net(1), Tunnels.net(2));
    }

    private void start(Tunnels tunnels) throws PortUnavailableException {
        gateways.add(new Gateway(tunnels.left().policy(), 1));
        gateways.add(new Gateway(tunnels.right().policy(), 2));
    }

    private Gateway left() {
        return gateways.get(0);
    }

    private Gateway right() {
        return gateways.get(1);
    }

    @AfterEach
    void close() {
        for (Gateway gateway : gateways) {
            gateway.engine.abandon();
            gateway.ports.close();
            gateway.tunnel.credentials().close();
        }
    }

    /** Asks on the threads of all engines that have not ended; they stand still for it. */
    private boolean now(BooleanSupplier condition) {
        BooleanSupplier asked = condition;
        for (Gateway gateway : gateways) {
            BooleanSupplier inner = asked;
            if (!gateway.engine.ended().isDone()) {
                asked = () -> CompletableFuture.supplyAsync(inner::getAsBoolean, gateway.engine)
                        .join();
            }
        }
        return asked.getAsBoolean();
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + SECONDS.toNanos(60);
        while (!now(condition)) {
            assertThat(System.nanoTime() - end)
                    .as(() -> what + "\n" + String.join("\n", left().lines.lines()) + "\n--\n"
                            + String.join("\n", right().lines.lines()))
                    .isNegative();
        }
    }

    private void awaitFullSets() {
        await(
                "a full set at both ends",
                () -> left().hasFullSet()
                        && right().hasFullSet()
                        && left().kernel.understands(right().kernel));
    }

    @Test
    void everyCpuOfBothEndsGetsAnSaAndAStopTakesAllAway() throws PortUnavailableException {
        start(between());
        await(
                "a full set at both ends",
                () -> left().hasFullSet()
                        && right().hasFullSet()
                        && left().kernel.understands(right().kernel));
        assertThat(left().status().children())
                .filteredOn(child -> child.kind() == ChildKind.FALLBACK)
                .hasSize(1);
        assertThat(left().counters.total(Counter.DATAGRAMS_IN)).isPositive();

        left().stop(false);
        assertThat(left().kernel.contents()).isEmpty();
        await(
                "the end at the peer",
                () -> right().kernel.sas().isEmpty() && right().status().state() == TunnelStatus.State.DOWN);
        right().stop(false);
        assertThat(right().kernel.contents()).isEmpty();
        assertThat(faults()).isEmpty();
    }

    @Holds("7296-2-c")
    @Test
    void onTheNatPortEveryMessageBearsAMarker() throws PortUnavailableException {
        start(between().both(TunnelDraft::forceEncapsulation));
        awaitFullSets();
        assertThat(left().status().remote().port()).isEqualTo(NAT_PORT);
        assertThat(right().counters.total(Counter.DROPPED_ESP)).isZero();
        left().stop(false);
        right().stop(false);
        assertThat(faults()).isEmpty();
    }

    @Test
    void upIsAnsweredWhenTheTunnelIsUpAndDownWhenItIsDown() throws PortUnavailableException {
        Tunnels tunnels = between();
        tunnels.left().responder();
        start(tunnels.queues(QueuePolicy.DEFAULT));
        assertThat(left().engine.up("t").orTimeout(60, SECONDS).join().ok()).isTrue();
        await("the board to say so", () -> left().status().state() == TunnelStatus.State.UP);
        assertThat(left().engine.down("t").orTimeout(60, SECONDS).join().ok()).isTrue();
        await("the board to say so", () -> left().status().state() == TunnelStatus.State.DOWN);
        assertThat(faults()).isEmpty();
    }

    @Test
    void aStopThatKeepsLeavesTheSasInTheKernelAndTellsThePeerNothing() throws PortUnavailableException {
        start(between());
        awaitFullSets();
        int installed = left().kernel.sas().size();
        left().stop(true);
        assertThat(left().kernel.sas()).hasSize(installed);
        assertThat(left().kernel.policies()).isNotEmpty().noneMatch(policy -> policy.cpuAcquire());
        assertThat(right().status().state()).isEqualTo(TunnelStatus.State.UP);
        assertThat(faults()).isEmpty();
    }

    private List<String> faults() {
        return gateways.stream()
                .flatMap(gateway -> gateway.lines.lines().stream())
                .filter(line -> line.startsWith("ERROR"))
                .toList();
    }
}
