package org.ikev2d.core.kernel;

/** A CPU by the kernel's number, 0 upwards; the numbers in use may have holes. */
public record CpuId(int number) implements Comparable<CpuId> {
    public CpuId {
        if (number < 0) {
            throw new IllegalArgumentException("CPU " + number);
        }
    }

    @Override
    public int compareTo(CpuId other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
