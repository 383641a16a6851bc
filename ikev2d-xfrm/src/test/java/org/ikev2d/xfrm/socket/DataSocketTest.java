package org.ikev2d.xfrm.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.net.Endpoint;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.xfrm.netlink.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets on the loopback device of a network namespace of its own. */
class DataSocketTest {
    private static final int MARK = 0x1ce2;
    private static final int PORT = 4500;
    private static final int QUEUES = 3;

    private final SpiQueues spis = new SpiQueues(QUEUES);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private NetworkNamespace namespace;
    private IpAddress here;

    @BeforeEach
    void enter() throws Exception {
        namespace = NetworkNamespace.enter();
        namespace.run("ip", "link", "set", "lo", "up");
        use(true);
    }

    @AfterEach
    void leave() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        namespace.close();
    }

    private void use(boolean ipv4) {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        here = ipv4 ? IpAddress.of((byte) 127, (byte) 0, (byte) 0, (byte) 1) : new IpAddress(Bytes.of(loopback));
    }

    private DataSocket udp(int port) throws Exception {
        DataSocket socket = namespace.call(() -> DataSocket.udp(new Endpoint(here, port), MARK));
        opened.add(socket);
        return socket;
    }

    /** The first of the group, as the daemon's IKE port is, then one for each queue. */
    private List<DataSocket> group() throws Exception {
        opened.add(namespace.call(() -> new IkePort(new Endpoint(here, PORT), spis::shareUdpPort)));
        List<DataSocket> group = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            group.add(udp(PORT));
        }
        return group;
    }

    /** Each datagram as text: its size, its SPI's last octet, its TOS. */
    private static List<String> received(DataSocket socket) {
        ReceiveBatch batch = new ReceiveBatch(4);
        List<String> datagrams = new ArrayList<>();
        byte[] octets = new byte[ReceiveBatch.LONGEST];
        for (int count = batch.receive(socket); count > 0; count = batch.receive(socket)) {
            for (int i = 0; i < count; i++) {
                int size = batch.select(i);
                batch.copy(i, octets, size);
                int start = socket.receivesIpHeader() ? 20 : 0;
                for (int at = start; at < size; at += batch.segment()) {
                    int length = Math.min(batch.segment(), size - at);
                    datagrams.add(length + " " + octets[at + 3] + " " + batch.tos());
                }
            }
        }
        return datagrams;
    }

    private static byte[] esp(int size, int last) {
        byte[] octets = new byte[size];
        octets[0] = (byte) 0xc0;
        octets[3] = (byte) last;
        return octets;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anSpisLastOctetSaysWhichSocketTakesAPacket(boolean ipv4) throws Exception {
        use(ipv4);
        List<DataSocket> group = group();
        SendBatch out = new SendBatch(udp(9000));
        SocketAddress to = SocketAddress.of(new Endpoint(here, PORT));
        for (int last = 0; last < 6; last++) {
            out.add(esp(100 + last, last), 0, 100 + last, to, 0, true);
        }
        // The non-ESP marker, and a keepalive: for the first socket.
        out.add(new byte[40], 0, 40, to, 0, true);
        out.add(new byte[] {(byte) 0xff}, 0, 1, to, 0, true);
        out.flush();
        assertThat(out.takeDropped()).isZero();
        for (int queue = 0; queue < QUEUES; queue++) {
            assertThat(received(group.get(queue)))
                    .containsExactly(100 + queue + " " + queue + " 0", 103 + queue + " " + (3 + queue) + " 0");
            assertThat(spis.queueOf(0xc0000000 | queue)).isEqualTo(queue);
        }
    }

    @Test
    void anSpiCanBeMadeForEachQueue() {
        for (int queue = 0; queue < QUEUES; queue++) {
            for (int octet = 0; octet < 256; octet++) {
                int spi = spis.spiFor(queue, 0xc1234500 | octet);
                assertThat(spis.queueOf(spi)).isEqualTo(queue);
                assertThat(spi >>> 8).isEqualTo(0xc12345);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runsOfOneSizeGoAsOneMessageAndComeApartAgain(boolean ipv4) throws Exception {
        use(ipv4);
        DataSocket receiver = udp(PORT);
        DataSocket sender = udp(9000);
        assumeTrue(sender.segments(), "a kernel without UDP_SEGMENT");
        SendBatch out = new SendBatch(sender);
        SocketAddress to = SocketAddress.of(new Endpoint(here, PORT));
        for (int i = 0; i < 150; i++) {
            int size = i % 50 == 49 ? 700 : 1400;
            out.add(esp(size, i < 100 ? 1 : 2), 0, size, to, i < 50 ? 0 : 0xb9, true);
        }
        out.flush();
        assertThat(out.takeDropped()).isZero();
        ReceiveBatch in = new ReceiveBatch(8);
        int messages = in.receive(receiver);
        assertThat(messages).isBetween(1, 6);
        int datagrams = 0;
        for (int i = 0; i < messages; i++) {
            int size = in.select(i);
            assertThat(in.segment()).isEqualTo(1400);
            assertThat(in.tos()).isEqualTo(datagrams < 50 ? 0 : 0xb9);
            datagrams += (size + 1399) / 1400;
        }
        assertThat(datagrams).isEqualTo(150);
    }

    @Test
    void allThatWasSentComesInOrder() throws Exception {
        DataSocket receiver = udp(PORT);
        SendBatch out = new SendBatch(udp(9000));
        SocketAddress to = SocketAddress.of(new Endpoint(here, PORT));
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int size = 40 + i * 7919 % 1400;
            out.add(esp(size, i % 100), 0, size, to, i % 3, i % 5 != 0);
            sent.add(size + " " + i % 100 + " " + i % 3);
        }
        out.flush();
        assertThat(out.takeDropped()).isZero();
        assertThat(received(receiver)).isEqualTo(sent);
    }

    @Test
    void whatIsTooLongForThePathIsToldAndOnlyThatIsLost() throws Exception {
        namespace.run("ip", "link", "set", "lo", "mtu", "1500");
        DataSocket receiver = udp(PORT);
        SendBatch out = new SendBatch(udp(9000));
        SocketAddress to = SocketAddress.of(new Endpoint(here, PORT));
        out.add(esp(1000, 1), 0, 1000, to, 0, true);
        out.add(esp(1473, 2), 0, 1473, to, 0, true);
        out.add(esp(1472, 3), 0, 1472, to, 0, true);
        out.flush();
        assertThat(out.takeDropped()).isEqualTo(1);
        assertThat(out.takeRefusal()).isEqualTo(Errno.EMSGSIZE.number());
        assertThat(out.takeRefusal()).isZero();
        assertThat(received(receiver)).containsExactly("1000 1 0", "1472 3 0");
        // It may be cut.
        out.add(esp(3000, 4), 0, 3000, to, 0, false);
        out.flush();
        assertThat(out.takeRefusal()).isZero();
        assertThat(received(receiver)).containsExactly("3000 4 0");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void plainEspGoesToItsQueueAlone(boolean ipv4) throws Exception {
        use(ipv4);
        List<DataSocket> queues = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            int number = i;
            queues.add(namespace.call(() -> DataSocket.esp(here, MARK, spis.queue(number))));
        }
        opened.addAll(queues);
        SendBatch out = new SendBatch(queues.get(0));
        SocketAddress to = SocketAddress.of(new Endpoint(here, 0));
        for (int last = 0; last < 6; last++) {
            out.add(esp(100, last), 0, 100, to, 0, true);
        }
        out.flush();
        assertThat(out.takeDropped()).isZero();
        for (int queue = 0; queue < QUEUES; queue++) {
            assertThat(received(queues.get(queue))).containsExactly("100 " + queue + " 0", "100 " + (queue + 3) + " 0");
        }
    }

    @Test
    void theSenderIsKnown() throws Exception {
        DataSocket receiver = udp(PORT);
        SendBatch out = new SendBatch(udp(9000));
        out.add(esp(10, 1), 0, 10, SocketAddress.of(new Endpoint(here, PORT)), 0, true);
        out.flush();
        ReceiveBatch in = new ReceiveBatch(1);
        assertThat(in.receive(receiver)).isEqualTo(1);
        Endpoint sender = new Endpoint(here, 9000);
        assertThat(in.from(0)).isEqualTo(sender);
        assertThat(in.isFrom(0, SocketAddress.of(sender))).isTrue();
        assertThat(in.isFrom(0, SocketAddress.of(sender.withPort(9001)))).isFalse();
    }

    @Test
    void anAddressThatIsNotOursIsNamed() {
        IpAddress other = IpAddress.of((byte) 192, (byte) 0, (byte) 2, (byte) 1);
        assertThatExceptionOfType(SystemCallException.class)
                .isThrownBy(() -> namespace.call(() -> DataSocket.udp(new Endpoint(other, PORT), MARK)))
                .withMessageContaining("192.0.2.1:4500");
    }

    @Test
    void anAddressIsEqualToItself() {
        SocketAddress one = SocketAddress.of(new Endpoint(here, 1));
        assertThat(one).isEqualTo(SocketAddress.of(new Endpoint(here, 1))).hasSameHashCodeAs(one);
        assertThat(one).isNotEqualTo(SocketAddress.of(new Endpoint(here, 2)));
        assertThat(Arrays.asList(one)).contains(one);
    }
}
