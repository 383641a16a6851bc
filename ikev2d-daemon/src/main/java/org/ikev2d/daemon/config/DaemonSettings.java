package org.ikev2d.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.ikev2d.daemon.trust.FetchLimits;

/**
 * What concerns the daemon around the engine.
 *
 * @param runtimeDir holds the control socket and the record of reqids
 * @param controlSocket at most 107 octets long
 * @param controlGroup who may use the control socket beside root and the daemon's user; empty: the daemon's own group
 * @param expiryWarning how long before a certificate of ours or an authority's ends; zero: when it has
 */
public record DaemonSettings(
        Path runtimeDir,
        Path controlSocket,
        Optional<String> controlGroup,
        LogLevel logLevel,
        DataPlaneWish dataPlane,
        Userspace userspace,
        Steering steering,
        FetchLimits fetch,
        Duration expiryWarning) {
    /** What is to carry the packets. */
    public enum DataPlaneWish {
        /** The kernel where it has ESP, else we. */
        AUTO,
        KERNEL,
        USERSPACE
    }

    /**
     * What is asked of ESP in user space.
     *
     * @param queues of the TUN device; empty: one for each CPU
     * @param pinned each worker stays on the CPU of its queue, where each CPU has one
     */
    public record Userspace(OptionalInt queues, boolean pinned) {
        public static final Userspace DEFAULT = new Userspace(OptionalInt.empty(), true);
    }

    /** Whether NICs are told which queue a per-CPU SA's packets belong to. */
    public enum Steering {
        /** Those that can. */
        AUTO,
        OFF
    }

    /** The least that is logged. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
