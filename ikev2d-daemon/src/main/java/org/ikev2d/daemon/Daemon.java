package org.ikev2d.daemon;

import java.util.concurrent.CompletableFuture;
import org.ikev2d.daemon.config.DaemonConfig;
import org.ikev2d.daemon.config.DaemonSettings;
import org.ikev2d.daemon.observe.EventLog;

/** The daemon at work, from {@link #start} to {@link #close}. */
final class Daemon implements AutoCloseable {
    private final Held held;
    private final Reload reload;
    private final Ending ending;

    Daemon(Held held, Reload reload, Ending ending) {
        this.held = held;
        this.reload = reload;
        this.ending = ending;
    }

    /**
     * What the daemon is given.
     *
     * @param live stays the giver's, to be closed after the daemon
     * @param selfTest completes when the cryptography was found sound and is warm; exceptionally when it is not sound
     */
    record Given(LiveConfig live, EngineMaker engine, CompletableFuture<Void> selfTest, EventLog log) {
        /** At the start. */
        DaemonConfig config() {
            return live.current();
        }

        DaemonSettings settings() {
            return config().settings();
        }
    }

    /**
     * Returns when the daemon is at work and the service manager knows.
     *
     * @throws StartException when it cannot be; then nothing stays open
     */
    static Daemon start(Given given) throws StartException {
        return new Startup(given).run();
    }

    /** Asks for the configuration to be read anew; what comes of it is logged. Does not wait. */
    void reload() {
        var unused = reload.run();
    }

    /** Asks for the end; what was asked first is done. Does not wait. */
    void stop(boolean keep) {
        var unused = ending.begin(keep);
    }

    /** Completes with the exit code when the engine has ended and the kernel is as it is to be. */
    CompletableFuture<Integer> over() {
        return ending.over();
    }

    /** Closes all that is open. */
    @Override
    public void close() {
        held.close();
    }
}
