package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A network namespace that no one else uses, and programs in it. */
final class Namespace implements AutoCloseable {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    /** The program as it is installed. */
    static final Path GUARD =
            Path.of(System.getProperty("ikev2d.root"), "ikev2d-daemon", "src", "main", "bin", "ikev2d-guard");

    private final Process holder;
    private final Path directory;
    private final List<Process> started = new ArrayList<>();

    private Namespace(Process holder, Path directory) {
        this.holder = holder;
        this.directory = directory;
    }

    /**
     * Leaves the calling test out where none can be had.
     *
     * @param directory where its programs run
     * @param address its own
     */
    static Namespace enter(Path directory, String address) throws IOException, InterruptedException {
        String script =
                "ip link set lo up && ip address add " + address + "/32 dev lo && echo ready && exec sleep infinity";
        Process holder = new ProcessBuilder("unshare", "-n", "sh", "-c", script).start();
        int first = holder.getInputStream().read();
        if (first < 0) {
            String why = new String(holder.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assumeTrue(holder.waitFor() == 0, "no network namespace can be had: " + why);
        }
        return new Namespace(holder, directory);
    }

    /** How a program ended. */
    record Outcome(int exitCode, String output) {}

    /** A program that runs. */
    record Running(Process process, Path output) {
        void signal(String name) throws IOException, InterruptedException {
            assertThat(new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }

        /** What it has written so far. */
        String told() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Outcome end() throws IOException, InterruptedException {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("an end").isTrue();
            return new Outcome(process.exitValue(), told());
        }
    }

    /** @param prefix a command that runs the one behind it, perhaps without rights */
    Running start(Map<String, String> environment, List<String> prefix, Class<?> program, String... words)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path logging = Path.of(System.getProperty("ikev2d.root"), "conf", "logback.xml");
        command.add("-Dlogback.configurationFile=" + logging);
        command.add("-D" + Guard.PROPERTY + "=" + GUARD);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", CLASS_PATH, program.getName()));
        command.addAll(Arrays.asList(words));
        Path output = Files.createTempFile(directory, "output", ".log");
        ProcessBuilder builder = inside(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return new Running(process, output);
    }

    /** A program that is not of ours, or no Java. */
    Running start(String... words) throws IOException {
        Path output = Files.createTempFile(directory, "output", ".log");
        Process process = inside(List.of(words))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        return new Running(process, output);
    }

    /** Runs {@code program} to its end. */
    Outcome run(Class<?> program, String... words) throws IOException, InterruptedException {
        return start(Map.of(), List.of(), program, words).end();
    }

    /** What {@code command}, which is not of ours, prints. */
    String look(String... command) throws IOException, InterruptedException {
        Process process =
                inside(Arrays.asList(command)).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(() -> String.join(" ", command) + ": " + text)
                .isZero();
        return text;
    }

    /** A wire between the two, which is the way to everywhere. */
    void connect(Namespace other) throws IOException, InterruptedException {
        look("ip", "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", other.holder.pid() + "");
        for (Namespace end : List.of(this, other)) {
            var unused = end.look("ip", "link", "set", "wire", "up");
            unused = end.look("ip", "route", "add", "default", "dev", "wire");
        }
    }

    /** As a service manager starts it: what of us ignores SIGHUP, such as a job in the background, is not inherited. */
    private ProcessBuilder inside(List<String> command) {
        List<String> all =
                new ArrayList<>(List.of("env", "--default-signal", "nsenter", "-t", Long.toString(holder.pid()), "-n"));
        all.addAll(command);
        return new ProcessBuilder(all).directory(directory.toFile());
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
        holder.destroyForcibly();
    }
}
