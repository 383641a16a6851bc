package org.ikev2d.daemon.observe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.ikev2d.core.engine.MonoTime;

/** Says of each key at most once a minute that it may be told, and how often it was held back since. Any thread. */
final class OncePerMinute {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** Keys are ours, not a peer's; this only bounds the harm of a mistake. */
    private static final int MOST_KEYS = 1024;

    private final Map<String, Told> byKey = new HashMap<>();

    private record Told(MonoTime at, long heldBack) {}

    /** How often {@code key} was held back since it was last told; empty: hold it back once more. */
    synchronized OptionalLong permit(String key, MonoTime now) {
        Told last = byKey.get(key);
        if (last != null && now.since(last.at()).compareTo(MINUTE) < 0) {
            byKey.put(key, new Told(last.at(), last.heldBack() + 1));
            return OptionalLong.empty();
        }
        if (last == null && byKey.size() >= MOST_KEYS) {
            return OptionalLong.empty();
        }
        byKey.put(key, new Told(now, 0));
        return OptionalLong.of(last == null ? 0 : last.heldBack());
    }
}
