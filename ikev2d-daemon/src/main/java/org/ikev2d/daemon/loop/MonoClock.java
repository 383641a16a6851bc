package org.ikev2d.daemon.loop;

import org.ikev2d.core.engine.MonoTime;

/** The daemon's one source of time for the engine; its origin is when this class was loaded. */
public final class MonoClock {
    private static final long ORIGIN = System.nanoTime();

    private MonoClock() {}

    public static MonoTime now() {
        return new MonoTime(System.nanoTime() - ORIGIN);
    }
}
