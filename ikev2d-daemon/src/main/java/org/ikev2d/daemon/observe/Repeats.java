package org.ikev2d.daemon.observe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.ikev2d.core.engine.MonoTime;

/** Says of each key whether it may be told once more this minute, and how often it was held back before. Any thread. */
final class Repeats {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Keys are of ours, not of a peer's making; this only bounds the harm of a mistake. */
    private static final int MOST_KEYS = 4096;

    private final Map<String, Minute> byKey = new HashMap<>();

    private record Minute(MonoTime begun, int told, long heldBack) {}

    /**
     * @param most how often a minute
     * @return how often {@code key} was held back in the minute before; empty: hold it back too
     */
    synchronized OptionalLong permit(String key, int most, MonoTime now) {
        Minute last = byKey.get(key);
        if (last == null && byKey.size() >= MOST_KEYS) {
            return OptionalLong.empty();
        }
        if (last == null || now.since(last.begun()).compareTo(MINUTE) >= 0) {
            byKey.put(key, new Minute(now, 1, 0));
            return OptionalLong.of(last == null ? 0 : last.heldBack());
        }
        if (last.told() < most) {
            byKey.put(key, new Minute(last.begun(), last.told() + 1, 0));
            return OptionalLong.of(0);
        }
        byKey.put(key, new Minute(last.begun(), last.told(), last.heldBack() + 1));
        return OptionalLong.empty();
    }
}
