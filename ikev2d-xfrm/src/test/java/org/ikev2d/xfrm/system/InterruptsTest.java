package org.ikev2d.xfrm.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ikev2d.core.kernel.CpuId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that look as /proc and /sys do, with the names that drivers give their interrupts. */
class InterruptsTest {
    @TempDir
    private Path root;

    private NetDevices devices;
    private Interrupts interrupts;

    @BeforeEach
    void open() {
        devices = new NetDevices(root.resolve("sys"));
        interrupts = new Interrupts(root.resolve("proc"), devices);
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** @param hardware where its bus has it, below devices */
    private void device(String name, String hardware) throws IOException {
        Files.createDirectories(root.resolve("sys/class/net").resolve(name));
        Files.createDirectories(root.resolve("sys/devices").resolve(hardware));
        Files.createSymbolicLink(
                root.resolve("sys/class/net").resolve(name).resolve("device"),
                root.resolve("sys/devices").resolve(hardware));
    }

    private void names(String... actions) throws IOException {
        StringBuilder text = new StringBuilder("            CPU0       CPU1       \n");
        int irq = 24;
        for (String action : actions) {
            text.append(String.format(
                    "%4d:          0     227954 PCI-MSIX-0000:00:02.0   %d-edge      %s%n", irq, irq - 24, action));
            irq++;
        }
        file("proc/interrupts", text + "NMI:          0          0   Non-maskable interrupts\nERR:          0\n");
    }

    @Test
    void virtio() throws IOException {
        device("eth0", "pci0000:00/0000:00:03.0/virtio2");
        names(
                "virtio2-config",
                "virtio2-input.0",
                "virtio2-output.0",
                "virtio2-input.1",
                "virtio2-output.1",
                "virtio3-input.7",
                "virtio22-input.5");
        assertThat(interrupts.ofQueues("eth0")).isEqualTo(Map.of(0, 25, 1, 27));
    }

    @Test
    void namedAfterTheDevice() throws IOException {
        device("ens1", "pci0000:00/0000:01:00.0");
        names(
                "i40e-0000:01:00.0:misc",
                "i40e-ens1-TxRx-0",
                "i40e-ens1-TxRx-1",
                "ens1-rx-2",
                "ens1-tx-2",
                "ens1-Tx-Rx-3",
                "ens1",
                "ens10-TxRx-4",
                "iavf-ens1-TxRx-11");
        assertThat(interrupts.ofQueues("ens1")).isEqualTo(new TreeMap<>(Map.of(0, 25, 1, 26, 2, 27, 3, 29, 11, 32)));
    }

    @Test
    void oneInterruptForAll() throws IOException {
        device("eth0", "pci0000:00/0000:00:04.0");
        names("ahci", "eth0");
        assertThat(interrupts.ofQueues("eth0")).isEqualTo(Map.of(0, 25));
    }

    @Test
    void namedAfterTheBus() throws IOException {
        device("p1p1", "pci0000:00/0000:03:00.0");
        names(
                "mlx5_async0@pci:0000:03:00.0",
                "mlx5_comp0@pci:0000:03:00.0",
                "mlx5_comp1@pci:0000:03:00.0",
                "mlx5_comp0@pci:0000:03:00.1",
                "gve-ntfy-blk0@pci:0000:03:00.0",
                "gve-mgmnt@pci:0000:03:00.0");
        assertThat(interrupts.ofQueues("p1p1")).isEqualTo(Map.of(0, 25, 1, 26));
    }

    @Test
    void knownByTheBusAlone() throws IOException {
        device("eth0", "pci0000:00/0000:05:00.0");
        file("sys/devices/pci0000:00/0000:05:00.0/msi_irqs/25", "msix\n");
        file("sys/devices/pci0000:00/0000:05:00.0/msi_irqs/26", "msix\n");
        names("nic-0", "nic-0", "nic-1");
        assertThat(interrupts.ofQueues("eth0")).isEqualTo(Map.of(0, 25, 1, 26));
    }

    @Test
    void aCpuHasTheQueueWhoseInterruptGoesToItAlone() throws IOException {
        file("proc/irq/25/effective_affinity_list", "1\n");
        file("proc/irq/25/smp_affinity_list", "0-3\n");
        file("proc/irq/26/smp_affinity_list", "0\n");
        file("proc/irq/27/smp_affinity_list", "0-3\n");
        file("proc/irq/28/effective_affinity_list", "\n");
        file("proc/irq/28/smp_affinity_list", "2\n");
        file("proc/irq/29/smp_affinity_list", "1\n");
        assertThat(interrupts.queueOfCpu(Map.of(0, 25, 1, 26, 2, 27, 3, 28, 4, 29, 5, 99)))
                .isEqualTo(new TreeMap<>(Map.of(new CpuId(1), 0, new CpuId(0), 1, new CpuId(2), 3)));
        assertThat(interrupts.cpus(27)).hasSize(4);
        assertThat(interrupts.cpus(99)).isEmpty();
    }

    @Test
    void whatADeviceIsMadeOf() throws IOException {
        for (String name : List.of("vlan7/lower_bond0", "bond0/lower_eth0", "bond0/lower_eth1", "eth0", "eth1")) {
            Files.createDirectories(root.resolve("sys/class/net").resolve(name));
        }
        assertThat(devices.lowest("vlan7")).containsExactly("eth0", "eth1");
        assertThat(devices.lowest("eth0")).containsExactly("eth0");
        assertThat(devices.lowest("unheard")).containsExactly("unheard");
    }

    @Test
    void whereThereIsNothingThereAreNoQueues() {
        assertThat(interrupts.ofQueues("eth0")).isEmpty();
    }
}
