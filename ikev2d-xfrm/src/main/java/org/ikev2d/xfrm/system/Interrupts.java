package org.ikev2d.xfrm.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ikev2d.core.kernel.CpuId;

/** Interrupts as /proc shows them: what drivers call them, and which CPUs they go to. Nothing here fails. */
public final class Interrupts {
    private static final Pattern LINE = Pattern.compile("\\s*(\\d+):.*\\s(\\S+)");
    private static final Pattern LAST_NUMBER = Pattern.compile("(\\d+)\\D*$");
    private static final Pattern RECEIVES = Pattern.compile("rx|input");

    /** In names of interrupts that no packet comes in by, or that do not tell whose queue they are. */
    private static final Pattern OTHER = Pattern.compile(
            "tx|output|config|async|mgmn?t|misc|admin|ctrl|control|cmd|aq|event|other|fdir|lsc|link|ptp|page|ovf|fw|ntfy");

    private final Path proc;
    private final NetDevices devices;

    /** @param proc {@code /proc} */
    public Interrupts(Path proc, NetDevices devices) {
        this.proc = proc;
        this.devices = devices;
    }

    /**
     * The interrupts of the receive queues of {@code device}, by queue. Found by the names that drivers give them, such as
     * {@code eth0-TxRx-3}, {@code virtio2-input.3} and {@code mlx5_comp3@pci:0000:03:00.0}.
     */
    public SortedMap<Integer, Integer> ofQueues(String device) {
        Set<String> names = devices.namesOf(device);
        Set<Integer> given = devices.interrupts(device);
        SortedMap<Integer, Integer> found = new TreeMap<>();
        for (String line : lines(proc.resolve("interrupts"))) {
            Matcher parts = LINE.matcher(line.stripTrailing());
            if (parts.matches()) {
                int irq = Integer.parseInt(parts.group(1));
                queue(parts.group(2), names, given.contains(irq)).ifPresent(queue -> found.putIfAbsent(queue, irq));
            }
        }
        return found;
    }

    /** The queue that an interrupt of this name is for; empty when it is for none, or of another device. */
    private static OptionalInt queue(String name, Set<String> ofDevice, boolean given) {
        String own = name.replaceFirst("@.*", "");
        boolean named = false;
        for (String device : ofDevice) {
            Pattern word = Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(device) + "(?![A-Za-z0-9])");
            named |= word.matcher(name).find();
            own = word.matcher(own).replaceAll("");
        }
        String rest = own.toLowerCase(Locale.ROOT);
        boolean receives = RECEIVES.matcher(rest).find() || !OTHER.matcher(rest).find();
        if (!receives || !(named || given)) {
            return OptionalInt.empty();
        }
        Matcher number = LAST_NUMBER.matcher(rest);
        return OptionalInt.of(number.find() ? Integer.parseInt(number.group(1)) : 0);
    }

    /** The CPUs that an interrupt goes to: those that it really goes to, where the kernel tells, else those it may go to. */
    public SortedSet<CpuId> cpus(int irq) {
        Path folder = proc.resolve("irq/" + irq);
        SortedSet<CpuId> really = cpus(folder.resolve("effective_affinity_list"));
        return really.isEmpty() ? cpus(folder.resolve("smp_affinity_list")) : really;
    }

    private static SortedSet<CpuId> cpus(Path list) {
        try {
            return CpuLists.parse(list);
        } catch (IOException e) {
            return new TreeSet<>();
        }
    }

    /** Of queues with their interrupts, those that have one CPU; the first, where one CPU has several. */
    public SortedMap<CpuId, Integer> queueOfCpu(Map<Integer, Integer> interrupts) {
        SortedMap<CpuId, Integer> queues = new TreeMap<>();
        new TreeMap<>(interrupts).forEach((queue, irq) -> {
            SortedSet<CpuId> cpus = cpus(irq);
            if (cpus.size() == 1) {
                queues.putIfAbsent(cpus.first(), queue);
            }
        });
        return queues;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
