package org.ikev2d.xfrm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ikev2d.xfrm.codec.Samples.address;
import static org.ikev2d.xfrm.codec.Samples.between;
import static org.ikev2d.xfrm.codec.Samples.cbc;
import static org.ikev2d.xfrm.codec.Samples.chacha;
import static org.ikev2d.xfrm.codec.Samples.gcm;
import static org.ikev2d.xfrm.codec.Samples.keysFor;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.InstalledSa;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.OuterHeader;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.kernel.SaSpec;
import org.ikev2d.core.kernel.SaUsage;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.registry.Integrity;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.socket.EncapsulationSocket;
import org.ikev2d.xfrm.socket.NetworkNamespace;
import org.ikev2d.xfrm.system.CpuLists;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two gateways in two network namespaces, on a kernel that has ESP and per-CPU states. */
@Tag("kernel")
@Timeout(300)
class PerCpuStatesTest {
    private static final ReqId REQID = ReqId.ofTunnel(9);
    private static final IpAddress HERE = address("192.0.2.1");
    private static final IpAddress THERE = address("192.0.2.2");
    private static final IpAddress HERE6 = address("2001:db8::1");
    private static final IpAddress THERE6 = address("2001:db8::2");
    private static final PacketSelector OUTWARDS = between("10.1.0.0/16", "10.2.0.0/16");

    private final List<AutoCloseable> open = new ArrayList<>();
    private NetworkNamespace here;
    private NetworkNamespace there;
    private XfrmKernel kernel;
    private XfrmKernel peer;

    @BeforeEach
    void twoGateways() throws Exception {
        here = opened(NetworkNamespace.enter());
        Capabilities capabilities = here.call(XfrmKernel::probe);
        assumeTrue(capabilities.isComplete(), capabilities.summary());
        there = opened(NetworkNamespace.enter());
        here.run("ip", "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", there.name());
        addresses(here, "192.0.2.1/24", "10.1.0.1/32", "10.2.0.0/16", "2001:db8::1/64");
        addresses(there, "192.0.2.2/24", "10.2.0.1/32", "10.1.0.0/16", "2001:db8::2/64");
        kernel = opened(here.call(XfrmKernel::open));
        peer = opened(there.call(XfrmKernel::open));
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void statesOfEverySuiteFamilyAndDirectionComeBack() throws Exception {
        List<EspSuite> suites = List.of(
                gcm(128, false),
                gcm(256, true),
                chacha(false),
                chacha(true),
                cbc(128, Integrity.HMAC_SHA2_256_128),
                cbc(256, Integrity.HMAC_SHA2_384_192),
                cbc(256, Integrity.HMAC_SHA2_512_256));
        List<InstalledSa> expected = new ArrayList<>();
        int number = 0;
        for (EspSuite suite : suites) {
            for (boolean ipv4 : new boolean[] {true, false}) {
                IpAddress local = ipv4 ? HERE : HERE6;
                IpAddress remote = ipv4 ? THERE : THERE6;
                Optional<CpuId> cpu = number % 3 == 0 ? Optional.empty() : Optional.of(new CpuId(number % 2));
                Optional<Encapsulation> ports =
                        number % 2 == 0 ? Optional.of(new Encapsulation(4500, 40000)) : Optional.empty();
                SaId out = new SaId(remote, new EspSpi(0x1000 + number++));
                SaId in = new SaId(local, kernel.allocateSpi(remote, local, REQID));
                install(kernel, Direction.OUT, local, out, cpu, suite, ports, 0, 0);
                install(kernel, Direction.IN, remote, in, cpu, suite, ports, 32 << (number % 8), 0);
                expected.add(new InstalledSa(out, local, REQID, Optional.of(Direction.OUT), cpu, false));
                expected.add(new InstalledSa(in, remote, REQID, Optional.of(Direction.IN), cpu, false));
            }
        }
        assertThat(kernel.installedSas()).containsExactlyInAnyOrderElementsOf(expected);
        assertThatThrownBy(() -> install(
                        kernel,
                        Direction.IN,
                        THERE,
                        expected.get(1).id(),
                        Optional.empty(),
                        gcm(128, false),
                        Optional.empty(),
                        32,
                        0))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("it is installed already");
        assertThatThrownBy(() -> install(
                        kernel,
                        Direction.OUT,
                        HERE,
                        new SaId(THERE, new EspSpi(0x2000)),
                        Optional.of(new CpuId(CpuLists.read().possible())),
                        gcm(128, false),
                        Optional.empty(),
                        0,
                        0))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("NEWSA 0x00002000 to 192.0.2.2: ");
        for (InstalledSa sa : expected) {
            kernel.remove(sa.id());
        }
        assertThat(here.run("ip", "xfrm", "state")).isEmpty();
    }

    @Test
    void eachCpusTrafficIsCountedOnItsOwnStates() throws Exception {
        policies(false);
        Pair fallback = pair(1, Optional.empty(), gcm(128, true));
        ping(new CpuId(0), 3);
        assertThat(usage(kernel, fallback.there()).packets()).isEqualTo(3);

        List<Pair> pairs = new ArrayList<>();
        for (CpuId cpu : CpuLists.read().online()) {
            EspSuite suite = cpu.number() % 2 == 0 ? chacha(true) : cbc(256, Integrity.HMAC_SHA2_256_128);
            pairs.add(pair(10 + cpu.number(), Optional.of(cpu), suite));
        }
        policies(false);
        for (Pair pair : pairs) {
            ping(pair.cpu().orElseThrow(), 4);
            assertThat(usage(kernel, pair.there()).packets())
                    .as("CPU %s", pair.cpu())
                    .isEqualTo(4);
            assertThat(usage(kernel, pair.there()).lastUse()).isPositive();
            assertThat(usage(peer, pair.there()).packets())
                    .as("at the other end")
                    .isEqualTo(4);
        }
        assertThat(usage(kernel, fallback.there()).packets()).isEqualTo(3);
    }

    @Test
    void aCpuWithoutAStateAsksAndTheAnswerIsUsed() throws Exception {
        BlockingQueue<KernelEvent> told = new LinkedBlockingQueue<>();
        XfrmEvents events = opened(here.call(XfrmEvents::open));
        events.start(told::add);
        policies(true);
        Pair fallback = pair(1, Optional.empty(), gcm(128, false));
        CpuId cpu = CpuLists.read().online().last();
        ping(cpu, 1);

        KernelEvent event = told.poll(10, TimeUnit.SECONDS);
        assertThat(event).isInstanceOf(KernelEvent.Acquire.class);
        KernelEvent.Acquire acquire = (KernelEvent.Acquire) event;
        assertThat(acquire.reqId()).isEqualTo(REQID);
        assertThat(acquire.cpu()).contains(cpu);
        assertThat(usage(kernel, fallback.there()).packets())
                .as("the packet that asks")
                .isEqualTo(1);
        assertThat(states()).as("the larval state").isEqualTo(3);

        pair(20, Optional.of(cpu), gcm(128, false), acquire.sequence());
        assertThat(states()).as("the answer took its place").isEqualTo(4);
        ping(cpu, 5);
        assertThat(usage(kernel, new SaId(THERE, new EspSpi(0x1000 + 20))).packets())
                .isEqualTo(5);
    }

    @Test
    void clearingTheFlagHealsACpuThatNobodyAnswers() throws Exception {
        policies(true);
        Pair fallback = pair(1, Optional.empty(), gcm(128, false));
        CpuId cpu = CpuLists.read().online().last();
        assertThatThrownBy(() -> ping(cpu, 1))
                .as("with nobody to ask, the kernel drops even the packet that asks")
                .hasMessageContaining("0 received");

        assertThat(kernel.clearCpuAcquire()).isEqualTo(1);
        ping(cpu, 4);
        assertThat(usage(kernel, fallback.there()).packets()).isEqualTo(4);
    }

    @Test
    void aPeerBehindANatThatMovesIsTold() throws Exception {
        BlockingQueue<KernelEvent> told = new LinkedBlockingQueue<>();
        XfrmEvents events = opened(here.call(XfrmEvents::open));
        events.start(told::add);
        EncapsulationSocket port = opened(here.call(() -> new EncapsulationSocket(HERE, 4500)));
        here.call(() -> {
            port.takeEsp();
            return null;
        });
        EncapsulationSocket other = opened(there.call(() -> new EncapsulationSocket(THERE, 5000)));
        there.call(() -> {
            other.takeEsp();
            return null;
        });
        policies(false);
        EspSuite suite = gcm(128, false);
        SaId id = new SaId(HERE, kernel.allocateSpi(THERE, HERE, REQID));
        install(
                kernel,
                Direction.IN,
                THERE,
                id,
                Optional.empty(),
                suite,
                Optional.of(new Encapsulation(4500, 4500)),
                64,
                0);
        install(
                peer,
                Direction.OUT,
                THERE,
                id,
                Optional.empty(),
                suite,
                Optional.of(new Encapsulation(5000, 4500)),
                0,
                0);
        there.run("sh", "-c", "ping -c 1 -W 1 -I 10.2.0.1 10.1.0.1 || true");
        assertThat(told.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new KernelEvent.Mapping(id, REQID, new Endpoint(THERE, 4500), new Endpoint(THERE, 5000)));

        kernel.move(id, new OuterHeader(THERE, HERE, Optional.of(new Encapsulation(5000, 4500))));
        told.clear();
        there.run("sh", "-c", "ping -c 1 -W 1 -I 10.2.0.1 10.1.0.1 || true");
        assertThat(usage(kernel, id).packets()).as("taken before and after").isEqualTo(2);
        assertThat(told).as("it comes from where it is known to be").isEmpty();
    }

    /** With another address for one end: packets arrive, none twice, and counters go on. */
    @Test
    void statesMoveToAnotherAddressWithTheirNumbers() throws Exception {
        IpAddress elsewhere = address("192.0.2.7");
        there.run("ip", "address", "add", "192.0.2.7/24", "dev", "wire");
        policies(false);
        for (boolean esn : new boolean[] {false, true}) {
            Pair pair = pair(esn ? 2 : 1, Optional.empty(), gcm(128, esn));
            ping(new CpuId(0), 3);
            SaId outbound = kernel.move(pair.there(), new OuterHeader(HERE, elsewhere, Optional.empty()));
            assertThat(outbound).isEqualTo(new SaId(elsewhere, pair.there().spi()));
            assertThat(usage(kernel, outbound).packets()).isEqualTo(3);
            assertThat(usage(kernel, pair.there()).packets()).as("its twin").isEqualTo(3);
            kernel.remove(pair.there());
            kernel.move(outbound, new OuterHeader(HERE, THERE, Optional.empty()));
            kernel.remove(outbound);
            SaId inbound = kernel.installedSas().stream()
                    .map(InstalledSa::id)
                    .filter(id -> id.destination().equals(HERE))
                    .findFirst()
                    .orElseThrow();
            kernel.move(inbound, new OuterHeader(elsewhere, HERE, Optional.empty()));
            kernel.move(inbound, new OuterHeader(THERE, HERE, Optional.empty()));
            ping(new CpuId(0), 3);
            assertThat(usage(kernel, pair.there()).packets()).isEqualTo(6);
            assertThat(usage(kernel, inbound).packets()).isEqualTo(6);
            kernel.remove(pair.there());
            kernel.remove(inbound);
        }
    }

    private record Pair(SaId there, Optional<CpuId> cpu) {}

    private Pair pair(int number, Optional<CpuId> cpu, EspSuite suite) throws KernelException {
        return pair(number, cpu, suite, 0);
    }

    /** One SA in each direction, at both ends; per-CPU here alone. */
    private Pair pair(int number, Optional<CpuId> cpu, EspSuite suite, int sequence) throws KernelException {
        SaId outbound = new SaId(THERE, new EspSpi(0x1000 + number));
        SaId inbound = new SaId(HERE, kernel.allocateSpi(THERE, HERE, REQID));
        install(peer, Direction.IN, HERE, outbound, Optional.empty(), suite, Optional.empty(), 64, 0);
        install(kernel, Direction.IN, THERE, inbound, cpu, suite, Optional.empty(), 64, 0);
        install(peer, Direction.OUT, THERE, inbound, Optional.empty(), suite, Optional.empty(), 0, 0);
        install(kernel, Direction.OUT, HERE, outbound, cpu, suite, Optional.empty(), 0, sequence);
        return new Pair(outbound, cpu);
    }

    private static void install(
            XfrmKernel at,
            Direction direction,
            IpAddress source,
            SaId id,
            Optional<CpuId> cpu,
            EspSuite suite,
            Optional<Encapsulation> ports,
            int window,
            int sequence)
            throws KernelException {
        try (EspKeys keys = keysFor(suite)) {
            at.install(new SaSpec(direction, source, id, REQID, cpu, suite, keys, ports, window, sequence));
        }
    }

    private void policies(boolean cpuAcquire) throws KernelException {
        for (Direction direction : Direction.values()) {
            boolean out = direction == Direction.OUT;
            PacketSelector selector = out ? OUTWARDS : OUTWARDS.reversed();
            PolicyId id = new PolicyId(direction, selector);
            kernel.setPolicy(
                    new PolicySpec(id, REQID, out ? HERE : THERE, out ? THERE : HERE, 1000, out && cpuAcquire));
            PolicyId theirs = new PolicyId(direction, selector.reversed());
            peer.setPolicy(new PolicySpec(theirs, REQID, out ? THERE : HERE, out ? HERE : THERE, 1000, false));
        }
    }

    /** Fails where a single answer is missing. */
    private void ping(CpuId cpu, int count) throws Exception {
        here.run(
                "taskset",
                "-c",
                cpu.toString(),
                "ping",
                "-q",
                "-c",
                Integer.toString(count),
                "-i",
                "0.2",
                "-w",
                "5",
                "-I",
                "10.1.0.1",
                "10.2.0.1");
    }

    private long states() throws Exception {
        return here.run("ip", "xfrm", "state")
                .lines()
                .filter(line -> line.startsWith("src "))
                .count();
    }

    private static SaUsage usage(XfrmKernel at, SaId id) throws KernelException {
        return at.usage(id).orElseThrow();
    }

    private static void addresses(NetworkNamespace namespace, String outer, String inner, String route, String outer6)
            throws Exception {
        namespace.run("ip", "address", "add", outer, "dev", "wire");
        namespace.run("ip", "address", "add", outer6, "dev", "wire", "nodad");
        namespace.run("ip", "address", "add", inner, "dev", "lo");
        namespace.run("ip", "link", "set", "lo", "up");
        namespace.run("ip", "link", "set", "wire", "up");
        namespace.run("ip", "route", "add", route, "dev", "wire");
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }
}
