package org.ikev2d.xfrm.userspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.ikev2d.core.crypto.EspKeys;
import org.ikev2d.core.crypto.EspSuite;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Direction;
import org.ikev2d.core.kernel.Encapsulation;
import org.ikev2d.core.kernel.Kernel;
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
import org.ikev2d.xfrm.esp.Meter;
import org.ikev2d.xfrm.esp.OutboundSa;
import org.ikev2d.xfrm.esp.Sealer;
import org.ikev2d.xfrm.socket.DataSocket;
import org.ikev2d.xfrm.socket.IkePort;
import org.ikev2d.xfrm.socket.NetworkNamespace;
import org.ikev2d.xfrm.socket.SendBatch;
import org.ikev2d.xfrm.socket.SocketAddress;
import org.ikev2d.xfrm.socket.SpiQueues;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bad packets on the whole way, from a socket of the peer's through ours, the SA and the TUN device to a program that
 * listens inside: only what the peer sealed arrives, once; all else is counted by its reason, and nothing stops.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePathTest {
    private static final IpAddress HERE = IpAddress.parse("192.0.2.1");
    private static final IpAddress THERE = IpAddress.parse("198.51.100.2");
    private static final int NAT_PORT = 4500;
    private static final ReqId REQID = ReqId.ofTunnel(0);
    private static final EspSuite SUITE = new EspSuite(EncryptionAlgorithm.AES_GCM_16, 128, Integrity.NONE, false);
    private static final int WINDOW = 64;
    private static final int IPV4 = 4;
    private static final int IPV6 = 41;
    private static final int NOTHING = 59;

    private final Random random = new Random(17);
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final List<Integer> expected = new ArrayList<>();
    private final Map<String, Long> dropped = new HashMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private NetworkNamespace namespace;
    private Userspace userspace;
    private DatagramChannel listener;
    private Sealer peer;
    private SendBatch wire;
    private SocketAddress to;
    private int number;

    @BeforeEach
    void enter() throws Exception {
        namespace = NetworkNamespace.enter();
        assumeTrue(namespace.call(Userspace::obstacle).isEmpty(), "no TUN device can be made here");
        namespace.run("ip", "link", "set", "lo", "up");
        for (String address : List.of("192.0.2.1/32", "198.51.100.2/32", "10.1.0.1/32")) {
            namespace.run("ip", "address", "add", address, "dev", "lo");
        }
        userspace = opened(namespace.call(() ->
                Userspace.open(new Userspace.Wishes(OptionalInt.of(2), false), Cpus.firstOnes(2), new Faults() {
                    @Override
                    public void tell(String what, Exception fault) {
                        faults.add(what + ": " + fault);
                    }

                    @Override
                    public void over(String why) {
                        faults.add(why);
                    }
                })));
        listener = opened(namespace.call(() -> DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_RCVBUF, 1 << 20)
                .bind(new InetSocketAddress("10.1.0.1", 7000))));
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.add(0, one);
        return one;
    }

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        namespace.close();
    }

    /** One SA in, and the peer's end of it. */
    private void begin(boolean inUdp) throws Exception {
        Endpoint port = new Endpoint(HERE, NAT_PORT);
        opened(namespace.call(() -> new IkePort(port, userspace::sharePort)));
        namespace.call(() -> {
            userspace.begin(List.of(port));
            return port;
        });
        Kernel kernel = userspace.kernel();
        PacketSelector out =
                new PacketSelector(IpAddress.parse("10.1.0.0"), 16, IpAddress.parse("10.2.0.0"), 16, 0, 0, 0, 0, 0);
        kernel.setPolicy(new PolicySpec(new PolicyId(Direction.OUT, out), REQID, HERE, THERE, 1, false));
        kernel.setPolicy(new PolicySpec(new PolicyId(Direction.IN, out.reversed()), REQID, THERE, HERE, 1, false));
        EspSpi spi = kernel.allocateSpi(THERE, HERE, REQID);
        byte[] key = new byte[20];
        random.nextBytes(key);
        try (EspKeys keys = new EspKeys(Secret.owning(key), Secret.owning(new byte[0]))) {
            kernel.install(new SaSpec(
                    Direction.IN,
                    THERE,
                    new SaId(HERE, spi),
                    REQID,
                    Optional.empty(),
                    SUITE,
                    keys,
                    inUdp ? Optional.of(new Encapsulation(NAT_PORT, NAT_PORT)) : Optional.empty(),
                    WINDOW,
                    0));
            peer = opened(new OutboundSa(spi, SUITE, keys, new Meter(SaLimits.UNLIMITED, hard -> {}, () -> 0)))
                    .sealer();
        }
        DataSocket socket = opened(namespace.call(() -> inUdp
                ? DataSocket.udp(new Endpoint(THERE, NAT_PORT), 0)
                : DataSocket.esp(THERE, 0, new SpiQueues(1).queue(0))));
        wire = new SendBatch(socket);
        to = SocketAddress.of(new Endpoint(HERE, inUdp ? NAT_PORT : 0));
    }

    private void send(byte[] packet) {
        wire.add(packet, 0, packet.length, to, 0, false);
        wire.flush();
        assertThat(wire.takeDropped()).isZero();
    }

    private void sendInVain(byte[] packet, Drop reason) {
        send(packet);
        dropped.merge(reason.word(), 1L, Long::sum);
    }

    private void sendToArrive(byte[] packet, int which) {
        send(packet);
        expected.add(which);
    }

    private byte[] sealed(byte[] inner, int nextHeader) {
        byte[] packet = new byte[peer.sealedSize(inner.length)];
        assertThat(peer.seal(inner, 0, inner.length, nextHeader, packet, 0)).isEqualTo(packet.length);
        return packet;
    }

    /** UDP from 10.2.0.1 to the listener, that says which one it is; without a checksum of UDP's own. */
    private static byte[] inner(int which) {
        ByteBuffer packet = ByteBuffer.allocate(20 + 8 + 92);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
        packet.putInt(0x0000_4000).put((byte) 64).put((byte) 17).putShort((short) 0);
        packet.putInt(0x0a02_0001).putInt(0x0a01_0001);
        packet.putShort((short) 7000)
                .putShort((short) 7000)
                .putShort((short) 100)
                .putShort((short) 0);
        packet.putInt(which);
        int sum = 0;
        for (int at = 0; at < 20; at += 2) {
            sum += packet.getShort(at) & 0xffff;
        }
        return packet.putShort(10, (short) ~((sum & 0xffff) + (sum >>> 16))).array();
    }

    private byte[] sealedNext() {
        return sealed(inner(++number), IPV4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyWhatThePeerSealedArrives_once_andTheRestIsCounted(boolean inUdp) throws Exception {
        assumeTrue(inUdp || userspace.traits().udpOnly().isEmpty(), "ESP cannot go without UDP here");
        begin(inUdp);
        outOfOrderAndAgain();
        changedAndCutOff();
        farTooLate();
        authenticButWrong();
        oversized();
        sendToArrive(sealedNext(), number);

        List<Integer> arrived = new ArrayList<>();
        ByteBuffer octets = ByteBuffer.allocate(2048);
        do {
            listener.receive(octets.clear());
            assertThat(octets.flip().remaining()).isEqualTo(92);
            arrived.add(octets.getInt());
        } while (arrived.get(arrived.size() - 1) != number);
        assertThat(arrived).isEqualTo(expected);
        assertThat(userspace.dropped()).isEqualTo(dropped);
        assertThat(faults).isEmpty();
    }

    private void outOfOrderAndAgain() {
        Map<Integer, byte[]> packets = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < WINDOW; i++) {
            byte[] packet = sealedNext();
            packets.put(number, packet);
            order.add(number);
        }
        Collections.shuffle(order, random);
        order.forEach(which -> sendToArrive(packets.get(which), which));
        order.forEach(which -> sendInVain(packets.get(which), Drop.IN_REPLAY));
    }

    /** None of it keeps out the packet that it was made of. */
    private void changedAndCutOff() {
        byte[] packet = sealedNext();
        for (int at = 8; at < packet.length; at++) {
            byte[] changed = packet.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            sendInVain(changed, Drop.IN_BAD_ICV);
        }
        byte[] stranger = packet.clone();
        stranger[1] ^= 1;
        sendInVain(stranger, Drop.IN_NO_SA);
        sendInVain(Arrays.copyOf(packet, packet.length - 4), Drop.IN_BAD_ICV);
        sendInVain(Arrays.copyOf(packet, packet.length - 1), Drop.IN_NOT_ALIGNED);
        sendInVain(Arrays.copyOf(packet, 30), Drop.IN_TOO_SHORT);
        sendInVain(Arrays.copyOf(packet, 4), Drop.IN_TOO_SHORT);
        sendToArrive(packet, number);
    }

    private void farTooLate() {
        byte[] late = sealedNext();
        for (int i = 0; i < WINDOW; i++) {
            sendToArrive(sealedNext(), number);
        }
        sendInVain(late, Drop.IN_REPLAY);
    }

    private void authenticButWrong() {
        byte[] foreign = inner(0);
        foreign[13] = 9;
        sendInVain(sealed(foreign, IPV4), Drop.IN_NO_POLICY);
        sendInVain(sealed(Arrays.copyOf(inner(0), 60), IPV4), Drop.IN_BAD_PACKET);
        sendInVain(sealed(inner(0), IPV6), Drop.IN_BAD_NEXT_HEADER);
        sendInVain(sealed(inner(0), NOTHING), Drop.IN_DUMMY);
    }

    /** As long as one datagram can be. What stands behind an inner packet only hides its length (RFC 4303 §2.7). */
    private void oversized() {
        byte[] garbage = new byte[65_000];
        random.nextBytes(garbage);
        byte[] head = sealedNext();
        System.arraycopy(head, 0, garbage, 0, 8);
        sendInVain(garbage, Drop.IN_BAD_ICV);
        sendToArrive(head, number);
        number++;
        sendToArrive(sealed(Arrays.copyOf(inner(number), 64_000), IPV4), number);
    }
}
