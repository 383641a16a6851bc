package org.ikev2d.xfrm.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.xfrm.netlink.Errno;
import org.ikev2d.xfrm.system.CpuLists;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real device in a network namespace of its own. */
class TunDeviceTest {
    private static final int UDP_PORT = 7000;

    private NetworkNamespace namespace;

    @BeforeEach
    void enter() throws Exception {
        namespace = NetworkNamespace.enter();
        assumeTrue(namespace.call(TunDevice::obstacle).isEmpty(), "no TUN device can be made here");
    }

    @AfterEach
    void leave() {
        namespace.close();
    }

    private TunDevice open(int queues) throws Exception {
        TunDevice device = namespace.call(() -> TunDevice.open("ikev2d%d", queues));
        namespace.run("ip", "link", "set", device.name(), "up", "mtu", "1400");
        namespace.run("ip", "address", "add", "10.9.0.1/24", "dev", device.name());
        return device;
    }

    /** The queue's packets that are IPv4, without their headers for the device. */
    private static List<byte[]> packets(TunQueue queue) {
        List<byte[]> packets = new ArrayList<>();
        ByteBuffer octets = ByteBuffer.allocateDirect(70_000);
        for (int size = queue.read(octets); size >= 0; size = queue.read(octets)) {
            byte[] packet = new byte[size - TunDevice.HEADER];
            octets.get(TunDevice.HEADER, packet);
            if (packet[0] >> 4 == 4) {
                packets.add(packet);
            }
        }
        return packets;
    }

    private void send(int from, int size) throws Exception {
        namespace.call(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.bind(new InetSocketAddress(InetAddress.getByName("10.9.0.1"), from));
                return channel.send(
                        ByteBuffer.allocate(size), new InetSocketAddress(InetAddress.getByName("10.9.0.2"), UDP_PORT));
            }
        });
    }

    @Test
    void packetsThatAreRoutedThereComeOutOfAQueue() throws Exception {
        try (TunDevice device = open(1)) {
            assertThat(device.name()).startsWith("ikev2d");
            send(UDP_PORT, 100);
            assertThat(packets(device.queues().get(0))).singleElement().satisfies(packet -> {
                assertThat(packet).hasSize(128);
                assertThat(Arrays.copyOfRange(packet, 16, 20)).containsExactly(10, 9, 0, 2);
            });
        }
    }

    @Test
    void nothingToReadIsSaidAtOnce() throws Exception {
        try (TunDevice device = open(1)) {
            packets(device.queues().get(0));
            assertThat(device.queues().get(0).read(ByteBuffer.allocateDirect(70_000)))
                    .isEqualTo(-Errno.EAGAIN.number());
        }
    }

    @Test
    void whatIsWrittenIsReceivedByTheKernel() throws Exception {
        try (TunDevice device = open(1)) {
            send(UDP_PORT, 8);
            byte[] packet = packets(device.queues().get(0)).get(0);
            // The same back, from the other address: its header's checksum stays right. That of UDP is left out.
            for (int i = 0; i < 4; i++) {
                byte own = packet[12 + i];
                packet[12 + i] = packet[16 + i];
                packet[16 + i] = own;
            }
            packet[26] = 0;
            packet[27] = 0;
            ByteBuffer octets = ByteBuffer.allocateDirect(TunDevice.HEADER + packet.length);
            octets.position(TunDevice.HEADER).put(packet).rewind();
            int size = namespace.call(() -> {
                try (DatagramChannel channel = DatagramChannel.open()) {
                    channel.bind(new InetSocketAddress(InetAddress.getByName("10.9.0.1"), UDP_PORT));
                    assertThat(device.queues().get(0).write(octets)).isZero();
                    channel.configureBlocking(false);
                    ByteBuffer received = ByteBuffer.allocate(100);
                    channel.receive(received);
                    return received.position();
                }
            });
            assertThat(size).isEqualTo(8);
        }
    }

    @Test
    void aCpusPacketsComeOutOfItsOwnQueue() throws Exception {
        SortedSet<CpuId> online = CpuLists.read().online();
        assumeTrue(online.size() > 1, "one CPU only");
        List<Integer> cpus = online.stream().map(CpuId::number).limit(8).toList();
        try (TunDevice device = open(cpus.size())) {
            steer(device, cpus);
            for (int cpu : cpus) {
                namespace.call(() -> assertThat(Affinity.pin(cpu)).isTrue());
                device.queues().forEach(TunDeviceTest::packets);
                for (int flow = 0; flow < 10; flow++) {
                    send(8000 + flow, 10);
                }
                List<Integer> counts = device.queues().stream()
                        .map(queue -> packets(queue).size())
                        .toList();
                assertThat(counts).as("from CPU %d", cpu).allMatch(count -> count == 0 || count == 10);
                assertThat(counts.get(cpus.indexOf(cpu))).isEqualTo(10);
            }
        }
    }

    /** Queues in another order than the CPUs' numbers need the longer program. */
    @Test
    void cpusMayBeNumberedWithHoles() throws Exception {
        List<Integer> cpus = new ArrayList<>(
                CpuLists.read().online().stream().map(CpuId::number).limit(8).toList());
        cpus.add(0, 4095);
        try (TunDevice device = open(cpus.size())) {
            steer(device, cpus);
            int cpu = cpus.get(1);
            namespace.call(() -> assertThat(Affinity.pin(cpu)).isTrue());
            device.queues().forEach(TunDeviceTest::packets);
            send(8000, 10);
            assertThat(packets(device.queues().get(1))).hasSize(1);
        }
    }

    private void steer(TunDevice device, List<Integer> cpus) throws Exception {
        boolean allowed = namespace.call(() -> {
            try {
                device.steerByCpu(cpus);
                return true;
            } catch (SystemCallException e) {
                if (e.is(Errno.EPERM)) {
                    return false;
                }
                throw e;
            }
        });
        assumeTrue(allowed, "BPF programs need CAP_BPF here");
    }

    @Test
    void theDeviceGoesWithItsQueues() throws Exception {
        TunDevice device = open(2);
        assertThat(namespace.run("ip", "-o", "link")).contains(device.name());
        device.close();
        assertThat(namespace.run("ip", "-o", "link")).doesNotContain(device.name());
    }

    @Test
    void aProcessWithoutRightsIsToldWhatItNeeds() throws Exception {
        namespace.dropRights();
        assertThat(namespace.call(TunDevice::obstacle))
                .hasValueSatisfying(text -> assertThat(text).containsAnyOf("CAP_NET_ADMIN", "permission denied"));
    }
}
