package org.ikev2d.xfrm.system;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The network devices as sysfs shows them. What it does not show has no answer; nothing here fails. */
public final class NetDevices {
    private static final String LOWER = "lower_";

    private final Path directory;

    /** @param sys {@code /sys} */
    public NetDevices(Path sys) {
        this.directory = sys.resolve("class/net");
    }

    /** The devices that packets of {@code device} really come in through: a bond's, a VLAN's; its own where it has none. */
    public SortedSet<String> lowest(String device) {
        SortedSet<String> lowest = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> left = new ArrayDeque<>(Set.of(device));
        while (!left.isEmpty()) {
            String next = left.pop();
            if (seen.add(next)) {
                Set<String> lower = names(directory.resolve(next), LOWER + "*");
                lower.forEach(name -> left.push(name.substring(LOWER.length())));
                if (lower.isEmpty()) {
                    lowest.add(next);
                }
            }
        }
        return lowest;
    }

    /** What a driver may call {@code device} when it names its interrupts: its own name, and its bus's name for it. */
    public Set<String> namesOf(String device) {
        Set<String> names = new TreeSet<>(Set.of(device));
        try {
            Path hardware = directory.resolve(device).resolve("device").toRealPath();
            names.add(hardware.getFileName().toString());
        } catch (IOException e) {
            // One that is made of software.
            return names;
        }
        return names;
    }

    /** The interrupts that the bus gave {@code device}, or what it is a part of. */
    public SortedSet<Integer> interrupts(String device) {
        SortedSet<Integer> interrupts = new TreeSet<>();
        try {
            Path hardware = directory.resolve(device).resolve("device").toRealPath();
            Path above = hardware.getParent();
            Set<String> listed = names(hardware.resolve("msi_irqs"), "*");
            for (String number : listed.isEmpty() && above != null ? names(above.resolve("msi_irqs"), "*") : listed) {
                interrupts.add(Integer.parseInt(number));
            }
        } catch (IOException | NumberFormatException e) {
            return interrupts;
        }
        return interrupts;
    }

    private static Set<String> names(Path folder, String pattern) {
        Set<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException e) {
            return names;
        }
        return names;
    }
}
