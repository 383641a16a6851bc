package org.ikev2d.daemon.observe;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Running totals. Any thread may count and read. */
public final class Counters {
    private final Map<Counter, LongAdder> totals = new EnumMap<>(Counter.class);

    public Counters() {
        for (Counter counter : Counter.values()) {
            totals.put(counter, new LongAdder());
        }
    }

    public void count(Counter counter) {
        adder(counter).increment();
    }

    public long total(Counter counter) {
        return adder(counter).sum();
    }

    /** All totals in the order of {@link Counter}; they go on while they are read. */
    public Map<Counter, Long> snapshot() {
        Map<Counter, Long> snapshot = new EnumMap<>(Counter.class);
        totals.forEach((counter, adder) -> snapshot.put(counter, adder.sum()));
        return Collections.unmodifiableMap(snapshot);
    }

    private LongAdder adder(Counter counter) {
        LongAdder adder = totals.get(counter);
        if (adder == null) {
            throw new AssertionError(counter);
        }
        return adder;
    }
}
