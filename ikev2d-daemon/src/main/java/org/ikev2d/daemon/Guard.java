package org.ikev2d.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ikev2d.core.engine.Event;

/**
 * A child process, {@code bin/ikev2d-guard}, that takes the flag off our policies which makes CPUs wait for the daemon,
 * as soon as the daemon is no more: its standard input is a pipe whose other end dies with us. It is handed nothing and
 * asks the kernel itself. A daemon without one is at work all the same. {@link #look} and {@link #close} are for one
 * thread at a time.
 */
final class Guard implements AutoCloseable {
    /** Where the program is: bin/ikev2d says so. */
    static final String PROPERTY = "ikev2d.guard";

    private static final long READY_SECONDS = 10;
    private static final long END_SECONDS = 2;

    private final List<String> command;
    private final Consumer<Event> told;
    private Process process;

    private Guard(List<String> command, Consumer<Event> told, Process process) {
        this.command = command;
        this.told = told;
        this.process = process;
    }

    /** Returns when the guard is at its post, or with what keeps it from there told. */
    static Guard post(Consumer<Event> told) {
        String program = System.getProperty(PROPERTY, "");
        return program.isEmpty() ? absent(told, "-D" + PROPERTY + " does not say where it is") : post(program, told);
    }

    /** @param program bin/ikev2d-guard, or one that behaves like it */
    static Guard post(String program, Consumer<Event> told) {
        List<String> command = List.of(program, "--when-over");
        try {
            return new Guard(command, told, start(command));
        } catch (IOException e) {
            return absent(told, e.getMessage());
        }
    }

    private static Guard absent(Consumer<Event> told, String why) {
        warn(
                told,
                "no guard (" + why
                        + "): if the daemon dies, CPUs without an SA of their own lose their packets until it"
                        + " is started again; the guard needs perl");
        return new Guard(List.of(), told, null);
    }

    private static void warn(Consumer<Event> told, String text) {
        told.accept(new Event(Event.Level.WARN, "", "guard", text));
    }

    /** Without our environment; the descriptors that it gets are the pipes and our standard error. */
    private static Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.environment().clear();
        Process started = builder.start();
        String word = firstWord(started);
        if (!word.equals("ready")) {
            started.destroyForcibly();
            throw new IOException(command.get(0) + " said \"" + word + "\" and not \"ready\"");
        }
        return started;
    }

    private static String firstWord(Process started) {
        BufferedReader words = started.inputReader();
        return CompletableFuture.supplyAsync(() -> {
                    try (words) {
                        String line = words.readLine();
                        return line == null ? "" : line;
                    } catch (IOException e) {
                        return "";
                    }
                })
                .completeOnTimeout("", READY_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Replaces a guard that somebody has killed. */
    void look() {
        if (process == null || process.isAlive()) {
            return;
        }
        warn(told, "the guard has ended (status " + process.exitValue() + "): posting another");
        try {
            process = start(command);
        } catch (IOException e) {
            warn(told, "no guard: " + e.getMessage());
        }
    }

    /** Sends it to work, which it finds done when the daemon ends as it should; waits a moment for its end. */
    @Override
    public void close() throws IOException {
        if (process != null) {
            process.getOutputStream().close();
            boolean ended = process.onExit()
                    .handle((done, failure) -> true)
                    .completeOnTimeout(false, END_SECONDS, TimeUnit.SECONDS)
                    .join();
            if (!ended) {
                warn(told, "the guard, process " + process.pid() + ", does not come to its end");
            }
        }
    }
}
