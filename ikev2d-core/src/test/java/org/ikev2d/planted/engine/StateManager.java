package org.ikev2d.planted.engine;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ikev2d.planted.sa.UsesEngine;

/** Not final, vaguely named, and asks its surroundings. */
public class StateManager {
    private final Map<Path, Instant> seen = new ConcurrentHashMap<>();

    public StateManager() {
        seen.put(Path.of(UsesEngine.above()), Instant.now());
        System.out.println(System.nanoTime() + Thread.currentThread().getName() + seen);
    }

    /** Vaguely named. */
    public static final class OctetHelper {
        private OctetHelper() {}
    }
}
