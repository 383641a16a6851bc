package org.ikev2d.xfrm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ikev2d.xfrm.codec.Samples.address;
import static org.ikev2d.xfrm.codec.Samples.between;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.kernel.PacketSelector;
import org.ikev2d.core.kernel.PolicyId;
import org.ikev2d.core.kernel.PolicySpec;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.kernel.SaId;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.wire.EspSpi;
import org.ikev2d.xfrm.codec.XfrmGroup;
import org.ikev2d.xfrm.socket.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On the running kernel, in a network namespace of each test's own. */
@Tag("kernel")
@Timeout(120)
class XfrmEventsTest {
    private static final IpAddress LOCAL = address("192.0.2.1");
    private static final IpAddress REMOTE = address("198.51.100.2");
    private static final ReqId REQID = ReqId.ofTunnel(5);

    private final BlockingQueue<KernelEvent> told = new LinkedBlockingQueue<>();
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
    void aPacketThatMeetsAPolicyWithoutAStateIsTold() throws Exception {
        network();
        try (XfrmEvents events = namespace.call(XfrmEvents::open)) {
            events.start(told::add);
            policy(between("192.0.2.0/24", "10.2.0.0/16"), REQID);
            send("10.2.0.9", 4321);

            KernelEvent event = next();
            assertThat(event).isInstanceOf(KernelEvent.Acquire.class);
            KernelEvent.Acquire acquire = (KernelEvent.Acquire) event;
            assertThat(acquire.sequence()).isNotZero();
            assertThat(acquire.reqId()).isEqualTo(REQID);
            assertThat(acquire.cpu()).as("there is no fallback").isEmpty();
            assertThat(acquire.trigger().destination()).isEqualTo(address("10.2.0.9"));
            assertThat(acquire.trigger().destinationPrefix()).isEqualTo(32);
            assertThat(acquire.trigger().source()).isEqualTo(LOCAL);
            assertThat(acquire.trigger().ipProtocol()).isEqualTo(17);
            assertThat(acquire.trigger().destinationPort()).isEqualTo(4321);
            assertThat(acquire.trigger().destinationPortMask()).isEqualTo(0xffff);
            assertThat(kernel.installedSas()).as("a larval state without SPI").isEmpty();
        }
    }

    @Test
    void whatBearsAReqidOfOthersIsNotTold() throws Exception {
        network();
        namespace.run(
                "ip",
                "xfrm",
                "policy",
                "add",
                "src",
                "192.0.2.0/24",
                "dst",
                "10.3.0.0/16",
                "dir",
                "out",
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
                "tunnel");
        policy(between("192.0.2.0/24", "10.2.0.0/16"), REQID);
        try (XfrmEvents events = namespace.call(XfrmEvents::open)) {
            events.start(told::add);
            send("10.3.0.1", 1);
            send("10.2.0.1", 1);
            KernelEvent first = next();
            assertThat(first).isInstanceOf(KernelEvent.Acquire.class);
            assertThat(((KernelEvent.Acquire) first).reqId()).isEqualTo(REQID);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void anExpiredReservationIsTold() throws Exception {
        namespace.run("sysctl", "-qw", "net.core.xfrm_acq_expires=1");
        try (XfrmEvents events = namespace.call(XfrmEvents::open)) {
            events.start(told::add);
            EspSpi spi = kernel.allocateSpi(REMOTE, LOCAL, REQID);
            assertThat(next()).isEqualTo(new KernelEvent.Expire(new SaId(LOCAL, spi), REQID, true));
        }
    }

    @Test
    void whatOthersDeleteIsToldAndWhatWeDeleteIsNot() throws Exception {
        try (XfrmEvents events = namespace.call(
                () -> XfrmEvents.open(EnumSet.of(XfrmGroup.SA, XfrmGroup.POLICY), port -> port == kernel.port()))) {
            events.start(told::add);
            EspSpi ours = kernel.allocateSpi(REMOTE, LOCAL, REQID);
            EspSpi gone = kernel.allocateSpi(REMOTE, LOCAL, REQID);
            PacketSelector selector = between("192.0.2.0/24", "10.2.0.0/16");
            policy(selector, REQID);
            kernel.removePolicy(new PolicyId(Direction.OUT, selector));
            policy(selector, REQID);
            kernel.remove(new SaId(LOCAL, ours));
            namespace.run("ip", "xfrm", "state", "delete", "dst", "192.0.2.1", "proto", "esp", "spi", gone.toString());
            assertThat(next()).isEqualTo(new KernelEvent.Expire(new SaId(LOCAL, gone), REQID, true));

            namespace.run("ip", "xfrm", "policy", "delete", "src", "192.0.2.0/24", "dst", "10.2.0.0/16", "dir", "out");
            assertThat(next()).isEqualTo(new KernelEvent.Overrun());
            kernel.allocateSpi(REMOTE, LOCAL, REQID);
            namespace.run("ip", "xfrm", "state", "flush");
            assertThat(next()).isEqualTo(new KernelEvent.Overrun());
            assertThat(told).isEmpty();
        }
    }

    @Test
    void lostEventsAreToldAsAnOverrun() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        try (XfrmEvents events = namespace.call(() -> XfrmEvents.open(EnumSet.of(XfrmGroup.SA), port -> false))) {
            events.start(event -> {
                told.add(event);
                await(mayGoOn);
            });
            int deleted = 40_000;
            for (int i = 0; i < deleted; i++) {
                kernel.remove(new SaId(LOCAL, kernel.allocateSpi(REMOTE, LOCAL, REQID)));
            }
            mayGoOn.countDown();

            int collected = 0;
            while (!(next() instanceof KernelEvent.Overrun)) {
                collected++;
            }
            assertThat(collected).as("told before the loss").isBetween(1000, deleted - 1);
            EspSpi last = kernel.allocateSpi(REMOTE, LOCAL, REQID);
            kernel.remove(new SaId(LOCAL, last));
            assertThat(next())
                    .as("after the loss all is told again")
                    .isEqualTo(new KernelEvent.Expire(new SaId(LOCAL, last), REQID, true));
        }
    }

    @Test
    void closeEndsTheThread() throws Exception {
        XfrmEvents events = namespace.call(XfrmEvents::open);
        events.start(told::add);
        Thread teller = thread().orElseThrow();
        events.close();
        assertThat(teller.isAlive()).isFalse();
        events.close();

        XfrmEvents neverStarted = namespace.call(XfrmEvents::open);
        neverStarted.close();
        assertThat(thread()).isEmpty();
    }

    @Test
    void aListenerMayCloseAndMayThrow() throws Exception {
        network();
        policy(between("192.0.2.0/24", "10.2.0.0/16"), REQID);
        policy(between("192.0.2.0/24", "10.3.0.0/16"), REQID.holding());
        BlockingQueue<Throwable> uncaught = new LinkedBlockingQueue<>();
        XfrmEvents events = namespace.call(XfrmEvents::open);
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
        try {
            events.start(event -> {
                if (told.size() == 1) {
                    events.close();
                }
                told.add(event);
                throw new IllegalArgumentException("the listener's own");
            });
            Thread teller = thread().orElseThrow();
            send("10.2.0.1", 1);
            next();
            told.add(new KernelEvent.Overrun());
            send("10.3.0.1", 1);
            teller.join(10_000);
            assertThat(teller.isAlive()).isFalse();
            assertThat(uncaught).hasSize(2).allMatch(e -> e instanceof IllegalArgumentException);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
            events.close();
        }
    }

    private static Optional<Thread> thread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("xfrm-events"))
                .findFirst();
    }

    private KernelEvent next() throws InterruptedException {
        KernelEvent event = told.poll(30, TimeUnit.SECONDS);
        assertThat(event).as("an event within 30 s").isNotNull();
        return event;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void network() throws Exception {
        namespace.run("ip", "link", "add", "wire", "type", "veth", "peer", "name", "end");
        namespace.run("ip", "address", "add", "192.0.2.1/24", "dev", "wire");
        namespace.run("ip", "link", "set", "wire", "up");
        namespace.run("ip", "link", "set", "end", "up");
        namespace.run("ip", "route", "add", "default", "dev", "wire");
    }

    private void policy(PacketSelector selector, ReqId reqId) throws Exception {
        kernel.setPolicy(new PolicySpec(new PolicyId(Direction.OUT, selector), reqId, LOCAL, REMOTE, 1000, false));
    }

    private void send(String destination, int port) throws Exception {
        namespace.call(() -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(destination), port));
            } catch (java.io.IOException e) {
                // The packet was held back; that is what is wanted.
            }
            return null;
        });
    }
}
