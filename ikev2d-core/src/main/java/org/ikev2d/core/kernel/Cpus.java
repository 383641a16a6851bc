package org.ikev2d.core.kernel;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The machine's CPUs as the kernel lists them.
 *
 * @param online those that run now; may have holes
 * @param possible the bound that the kernel keeps for SA_PCPU: every number is below it
 */
public record Cpus(SortedSet<CpuId> online, int possible) {
    public Cpus {
        online = Collections.unmodifiableSortedSet(new TreeSet<>(online));
        if (!online.isEmpty() && online.last().number() >= possible) {
            throw new IllegalArgumentException(
                    "CPU " + online.last() + " is online, but only " + possible + " possible");
        }
    }

    public static Cpus of(Collection<CpuId> online, int possible) {
        return new Cpus(new TreeSet<>(online), possible);
    }

    /** CPUs 0 to {@code count} - 1. */
    public static Cpus firstOnes(int count) {
        TreeSet<CpuId> online = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            online.add(new CpuId(i));
        }
        return new Cpus(online, Math.max(count, 1));
    }
}
