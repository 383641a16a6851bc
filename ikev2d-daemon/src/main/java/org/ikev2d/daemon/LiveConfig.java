package org.ikev2d.daemon;

import java.nio.file.Path;
import org.ikev2d.daemon.config.ConfigFile;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.config.DaemonConfig;

/** The configuration that the daemon runs by, and the file that it is read from. Any thread. */
final class LiveConfig implements AutoCloseable {
    private final Path file;
    private DaemonConfig current;

    /** @param current read from {@code file}; taken over */
    LiveConfig(Path file, DaemonConfig current) {
        this.file = file;
        this.current = current;
    }

    synchronized DaemonConfig current() {
        return current;
    }

    /** What the file says by now; the caller's own. */
    Loaded read() {
        return ConfigFile.load(file);
    }

    /** Takes {@code next} over; nobody may use what is secret in the one before any more. */
    synchronized void replace(DaemonConfig next) {
        current.close();
        current = next;
    }

    /** The engine must have ended. */
    @Override
    public synchronized void close() {
        current.close();
    }
}
