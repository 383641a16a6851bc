package org.ikev2d.xfrm.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import jnr.ffi.LibraryLoader;

/**
 * A network namespace of its own, that lives as long as a thread: sockets that the thread opens and processes that it
 * starts are in it. The machine's own namespace is never touched.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final boolean X86 = System.getProperty("os.arch").equals("amd64");
    private static final long NOBODY = 65534;
    private static final int CLONE_NEWNET = 0x40000000;

    /** Public for the class that jnr generates. */
    public interface Unshare {
        int unshare(int flags);

        int geteuid();

        long syscall(long number, long first, long second, long third);
    }

    private static final Unshare LIBRARY = LibraryLoader.create(Unshare.class).load("c");

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private NetworkNamespace() {}

    /** Leaves the calling test out where it is not root's. */
    public static NetworkNamespace enter() throws Exception {
        assumeTrue(LIBRARY.geteuid() == 0, "a network namespace of its own needs root");
        NetworkNamespace namespace = new NetworkNamespace();
        int result = namespace.call(() -> LIBRARY.unshare(CLONE_NEWNET));
        assumeTrue(result == 0, "the kernel refuses a network namespace of its own");
        return namespace;
    }

    public <T> T call(Callable<T> work) throws Exception {
        try {
            return thread.submit(work).get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof AssertionError failure) {
                throw failure;
            }
            throw e;
        }
    }

    /**
     * Takes all rights from the namespace's thread, and from it alone: the C library's own setresuid would take them
     * from the whole process.
     */
    public void dropRights() throws Exception {
        long setresuid = X86 ? 117 : 147;
        assertThat(call(() -> LIBRARY.syscall(setresuid, NOBODY, NOBODY, NOBODY)))
                .isZero();
    }

    /** What {@code ip link ... netns} takes to put an interface here. */
    public String name() throws Exception {
        long gettid = X86 ? 186 : 178;
        return Long.toString(call(() -> LIBRARY.syscall(gettid, 0, 0, 0)));
    }

    /** Runs a program in the namespace. */
    public String run(String... command) throws Exception {
        return call(() -> {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(List.of(command) + ": " + status + ": " + output);
            }
            return output;
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
