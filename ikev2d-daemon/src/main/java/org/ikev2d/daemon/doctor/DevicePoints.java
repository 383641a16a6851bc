package org.ikev2d.daemon.doctor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.ikev2d.core.kernel.CpuId;
import org.ikev2d.xfrm.ethtool.Nic;

/** Whether what comes in through a device is spread over CPUs. */
record DevicePoints(Patient patient, Tree tree, NicFacts nic, String device, Findings findings) {
    /** RXH_L4_B_0_1 and RXH_L4_B_2_3: the ports of UDP, the SPI of ESP. */
    private static final int LAYER4 = 0xc0;

    /**
     * @param cpus that are online
     * @param families of addresses between gateways: whether IPv4
     */
    void look(SortedSet<CpuId> cpus, SortedSet<Boolean> families) {
        if (!tree.has("sys/class/net/" + device + "/device")) {
            findings.fine("receive-queues", "a device of software: the CPU that sends is the CPU that receives");
            return;
        }
        int queues = queues();
        receiveQueues(queues, cpus.size());
        if (queues > 1) {
            families.forEach(ipv4 -> Flow.of(ipv4).forEach(this::hash));
            interrupts(cpus);
            packetSteering();
        }
        receiveRules(queues);
        offload();
    }

    private int queues() {
        return nic.rings().orElseGet(() -> (int) tree.names("sys/class/net/" + device + "/queues").stream()
                .filter(name -> name.startsWith("rx-"))
                .count());
    }

    private void receiveQueues(int queues, int cpus) {
        Optional<Nic.Channels> channels = nic.channels();
        String has = queues + (queues == 1 ? " queue" : " queues") + " for " + cpus + (cpus == 1 ? " CPU" : " CPUs");
        int wanted = channels.map(all -> Math.min(all.most(), cpus)).orElse(queues);
        if (queues < wanted) {
            findings.todo(
                    "receive-queues",
                    has + ", and there can be more",
                    "ethtool -L " + device + (channels.orElseThrow().combined() ? " combined " : " rx ") + wanted);
        } else {
            findings.fine("receive-queues", queues < cpus ? has + ", as many as it has" : has);
        }
    }

    private void hash(Flow flow) {
        String point = "hash-" + flow.word();
        String what = flow.isEsp() ? "SPI" : "ports";
        String kind = flow.isEsp() ? "ESP" : "UDP";
        Optional<Integer> fields = Optional.ofNullable(nic.hashes().get(flow));
        if (fields.filter(bits -> (bits & LAYER4) == LAYER4).isPresent()) {
            findings.fine(point, kind + " is spread by " + (flow.isEsp() ? "its SPI" : "its ports"));
        } else if (flow.isEsp() && rules()) {
            findings.fine(point, "not by the SPI, which receive rules make up for");
        } else {
            findings.todo(
                    point,
                    (fields.isPresent()
                                    ? kind + " is not spread by its " + what
                                    : "the driver does not tell what " + kind + " is spread by")
                            + ": all SAs of a peer may come in on one CPU"
                            + (flow.isEsp() ? "; where this is refused, have ESP in UDP (encap)" : ""),
                    "ethtool -N " + device + " rx-flow-hash " + flow.word() + " sdfn");
        }
    }

    /** Whether the daemon has put receive rules in here. */
    private boolean rules() {
        return tree.lines(patient.runtimeDir().resolve("nic-rules").toString().substring(1)).stream()
                .anyMatch(line -> line.startsWith(device + " ") && !line.startsWith(device + " - "));
    }

    private void receiveRules(int queues) {
        Optional<Nic.Feature> filter = Optional.ofNullable(nic.features().get("rx-ntuple-filter"));
        if (!patient.steering()) {
            findings.fine("receive-rules", "not wanted: steering = \"off\"");
        } else if (filter.isEmpty() || (filter.get().fixed() && !filter.get().active())) {
            findings.fine("receive-rules", "it has none: its hash decides");
        } else if (filter.get().active()) {
            findings.fine(
                    "receive-rules",
                    rules() ? "switched on, and used by ikev2d" : "switched on; ikev2d makes them for per-CPU SAs");
        } else if (queues > 1) {
            findings.todo(
                    "receive-rules",
                    "switched off: with them each SA's packets come in on its own CPU",
                    "ethtool -K " + device + " ntuple on");
        } else {
            findings.fine("receive-rules", "switched off; with one queue there is nothing to choose");
        }
    }

    private void interrupts(SortedSet<CpuId> cpus) {
        if (nic.interrupts().isEmpty()) {
            findings.unknown(
                    "interrupts", "no interrupt of its queues was found", "grep " + device + " /proc/interrupts");
            return;
        }
        Set<CpuId> taken = new HashSet<>();
        List<Integer> misplaced = new ArrayList<>();
        nic.interrupts().forEach((queue, interrupt) -> {
            boolean own =
                    interrupt.cpus().size() == 1 && taken.add(interrupt.cpus().first());
            if (!own && taken.size() < cpus.size()) {
                misplaced.add(queue);
            }
        });
        boolean balanced = isRunning("irqbalance");
        if (misplaced.isEmpty() && !balanced) {
            findings.fine("interrupts", "each queue has a CPU of its own");
            return;
        }
        List<String> commands = new ArrayList<>();
        if (balanced) {
            commands.add("systemctl disable --now irqbalance");
        }
        commands.addAll(placing(misplaced, taken, cpus));
        findings.todo(
                "interrupts",
                (misplaced.isEmpty()
                                ? "each queue has a CPU of its own"
                                : misplaced.size() + " of " + nic.interrupts().size()
                                        + " queues have no CPU of their own")
                        + (balanced ? ", and irqbalance moves them" : ""),
                commands);
    }

    private List<String> placing(List<Integer> queues, Set<CpuId> taken, SortedSet<CpuId> cpus) {
        SortedSet<CpuId> free = new TreeSet<>(cpus);
        free.removeAll(taken);
        Iterator<CpuId> next = free.iterator();
        List<String> commands = new ArrayList<>();
        for (int queue : queues) {
            if (next.hasNext()) {
                commands.add("echo " + next.next().number() + " >/proc/irq/"
                        + nic.interrupts().get(queue).number() + "/smp_affinity_list");
            }
        }
        return commands;
    }

    private boolean isRunning(String program) {
        return tree.names("proc").stream()
                .filter(name -> name.matches("\\d+"))
                .anyMatch(process -> tree.text("proc/" + process + "/comm").equals(Optional.of(program)));
    }

    /** RPS hashes anew, without the SPI: what the NIC has spread comes together again. */
    private void packetSteering() {
        String folder = "sys/class/net/" + device + "/queues";
        List<String> commands = tree.names(folder).stream()
                .filter(name -> name.startsWith("rx-"))
                .filter(name -> tree.text(folder + "/" + name + "/rps_cpus")
                        .filter(mask -> !mask.matches("[0,]*"))
                        .isPresent())
                .map(name -> "echo 0 >/" + folder + "/" + name + "/rps_cpus")
                .toList();
        if (commands.isEmpty()) {
            findings.fine("rps", "off: packets stay on the CPU that they came in on");
        } else {
            findings.todo("rps", "on: it takes packets to other CPUs, all SAs of a peer to the same", commands);
        }
    }

    private void offload() {
        Optional<Nic.Feature> offload = Optional.ofNullable(nic.features().get("esp-hw-offload"));
        String has =
                offload.filter(Nic.Feature::active).isPresent() ? "the NIC can encrypt" : "the NIC does not encrypt";
        findings.fine("esp-hw-offload", has + "; ikev2d has CPUs do it");
    }
}
