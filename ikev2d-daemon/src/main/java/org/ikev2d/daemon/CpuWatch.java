package org.ikev2d.daemon;

import java.io.IOException;
import java.util.function.Consumer;
import org.ikev2d.core.kernel.Cpus;

/**
 * The machine's CPUs as last seen; tells when they have changed. {@link #look} is for one thread, the rest for any.
 *
 * <p>Looking now and then is all: the kernel's uevents of CPUs reach no network namespace that another than the initial
 * user namespace owns, can be lost, and would be followed no sooner, since a CPU that is gone for a moment keeps its SA.
 */
final class CpuWatch {
    private final Source source;
    private volatile Cpus latest;

    /** Where the lists are. */
    @FunctionalInterface
    interface Source {
        Cpus read() throws IOException;
    }

    CpuWatch(Source source) throws IOException {
        this.source = source;
        this.latest = source.read();
    }

    Cpus latest() {
        return latest;
    }

    /** Reads the lists; {@code changed} is told when they are not what they were. */
    void look(Consumer<Cpus> changed) throws IOException {
        Cpus now = source.read();
        if (!now.equals(latest)) {
            latest = now;
            changed.accept(now);
        }
    }
}
