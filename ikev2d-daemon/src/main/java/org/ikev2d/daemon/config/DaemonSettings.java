package org.ikev2d.daemon.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What concerns the daemon around the engine.
 *
 * @param runtimeDir holds the control socket and the record of reqids
 * @param controlSocket at most 107 octets long
 * @param controlGroup who may use the control socket beside root and the daemon's user; empty: the daemon's own group
 */
public record DaemonSettings(
        Path runtimeDir,
        Path controlSocket,
        Optional<String> controlGroup,
        LogLevel logLevel,
        DataPlaneWish dataPlane,
        Steering steering) {
    /** What is to carry the packets. */
    public enum DataPlaneWish {
        /** The kernel where it has ESP, else we. */
        AUTO,
        KERNEL,
        USERSPACE
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
