package org.ikev2d.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.xfrm.ethtool.Nic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicePointsTest {
    @TempDir
    private Path root;

    private FakeMachine machine;
    private Examined examined;

    @BeforeEach
    void open() throws IOException {
        machine = new FakeMachine(root);
        examined = new Examined(machine);
    }

    @Test
    void aNicHasAQueueForEachCpu() throws IOException {
        machine.rings = OptionalInt.of(2);
        machine.channels = Optional.of(new Nic.Channels(2, 8, true));
        examined.todo("receive-queues", "2 queues for 4 CPUs", "ethtool -L eth0 combined 4");
        machine.channels = Optional.of(new Nic.Channels(2, 3, false));
        examined.todo("receive-queues", "2 queues for 4 CPUs", "ethtool -L eth0 rx 3");
        machine.channels = Optional.of(new Nic.Channels(2, 2, false));
        examined.fine("receive-queues", "as many as it has");
        machine.rings = OptionalInt.empty();
        machine.channels = Optional.empty();
        examined.fine("receive-queues", "4 queues for 4 CPUs");
    }

    @Test
    void espIsSpreadByItsSpiAndUdpByItsPorts() throws IOException {
        machine.hashes.put(Flow.ESP4, 0x30);
        machine.hashes.remove(Flow.UDP4);
        examined.todo(
                "hash-esp4",
                "ESP is not spread by its SPI: all SAs of a peer may come in on one CPU",
                "ethtool -N eth0 rx-flow-hash esp4 sdfn");
        examined.todo("hash-udp4", "does not tell what UDP is spread by", "ethtool -N eth0 rx-flow-hash udp4 sdfn");
        machine.file("run/ikev2d/nic-rules", "eth0 1023 5 esp 192.0.2.1 0xc0000001\n");
        examined.fine("hash-esp4", "receive rules make up for");
        examined.todo("hash-udp4", "does not tell", "ethtool -N eth0 rx-flow-hash udp4 sdfn");
    }

    @Test
    void withOneQueueThereIsNothingToSpread() throws IOException {
        machine.rings = OptionalInt.of(1);
        machine.channels = Optional.of(new Nic.Channels(1, 1, true));
        machine.features.put("rx-ntuple-filter", new Nic.Feature(false, false));
        examined.fine("receive-queues", "1 queue for 4 CPUs, as many as it has");
        examined.fine("receive-rules", "nothing to choose");
        examined.absent("hash-esp4");
        examined.absent("interrupts");
    }

    @Test
    void receiveRulesAreSwitchedOnWhereTheyCanBe() throws IOException {
        machine.features.put("rx-ntuple-filter", new Nic.Feature(false, false));
        examined.todo("receive-rules", "switched off", "ethtool -K eth0 ntuple on");
        machine.steering = false;
        examined.fine("receive-rules", "steering = \"off\"");
        machine.steering = true;
        machine.features.put("rx-ntuple-filter", new Nic.Feature(false, true));
        examined.fine("receive-rules", "it has none");
        machine.features.clear();
        examined.fine("receive-rules", "it has none");
    }

    @Test
    void eachQueueHasACpuOfItsOwn() throws IOException {
        machine.interrupt(1, 0);
        machine.interrupt(3, 0, 1, 2, 3);
        examined.todo(
                "interrupts",
                "2 of 4 queues have no CPU of their own",
                "echo 1 >/proc/irq/41/smp_affinity_list",
                "echo 3 >/proc/irq/43/smp_affinity_list");
        machine.file("proc/5/comm", "irqbalance\n");
        Finding balanced = examined.find("interrupts");
        assertThat(balanced.text()).contains("irqbalance moves them");
        assertThat(balanced.commands())
                .startsWith("systemctl disable --now irqbalance")
                .hasSize(3);
        machine.interrupts.clear();
        examined.unknown("interrupts", "no interrupt of its queues was found");
    }

    @Test
    void queuesBeyondTheCpusShareThem() throws IOException {
        machine.interrupt(4, 0);
        machine.interrupt(5, 0, 1, 2, 3);
        examined.fine("interrupts", "of its own");
    }

    @Test
    void packetSteeringBringsTogetherWhatTheNicHasSpread() throws IOException {
        machine.file("sys/class/net/eth0/queues/rx-2/rps_cpus", "00000000,0000000f\n");
        examined.todo("rps", "all SAs of a peer to the same", "echo 0 >/sys/class/net/eth0/queues/rx-2/rps_cpus");
    }

    @Test
    void aDeviceOfSoftwareIsNoNic() throws IOException {
        machine.remove("sys/class/net/eth0/device/vendor");
        machine.remove("sys/class/net/eth0/device");
        examined.fine("receive-queues", "a device of software");
        examined.absent("receive-rules");
    }

    @Test
    void aBondIsWhatItIsMadeOf() throws IOException {
        machine.lowest.add("eth1");
        assertThat(machine.examine())
                .extracting(Finding::about)
                .contains("eth0", "eth1")
                .doesNotContain("bond0");
    }
}
