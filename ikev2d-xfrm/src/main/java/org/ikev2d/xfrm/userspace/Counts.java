package org.ikev2d.xfrm.userspace;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What was dropped, by reason. Any thread. */
final class Counts {
    private final Map<Drop, LongAdder> counts = new EnumMap<>(Drop.class);

    Counts() {
        for (Drop reason : Drop.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void count(Drop reason, long packets) {
        counts.get(reason).add(packets);
    }

    /** Those that happened, by their words. */
    Map<String, Long> snapshot() {
        Map<String, Long> snapshot = new TreeMap<>();
        counts.forEach((reason, count) -> {
            if (count.sum() > 0) {
                snapshot.put(reason.word(), count.sum());
            }
        });
        return snapshot;
    }
}
