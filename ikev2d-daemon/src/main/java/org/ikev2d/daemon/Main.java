package org.ikev2d.daemon;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ikev2d.core.crypto.Entropy;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.crypto.jca.SelfTest;
import org.ikev2d.core.crypto.jca.SystemEntropy;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.tunnel.IkeEngine;
import org.ikev2d.daemon.config.ConfigFile;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.config.DaemonConfig;
import org.ikev2d.daemon.control.Version;
import org.ikev2d.daemon.loop.MonoClock;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.xfrm.XfrmKernel;

/** The daemon's process: its arguments, its signals, its exit status. */
public final class Main {
    /** It was asked to end. */
    static final int STOPPED = 0;

    /** It could not start, or could not go on. */
    static final int FAILED = 1;

    /** The arguments or the configuration file are wrong; nothing was started. */
    static final int MISUSED = 2;

    private static final String USAGE = """
            usage: ikev2d [--config FILE]
                   ikev2d --version
                   ikev2d --help
            FILE is /etc/ikev2d/ikev2d.toml unless told. ikev2ctl moves a running daemon.""";

    /** The ending's own limit, and what closing may take. */
    private static final long EXIT_SECONDS = Ending.LIMIT.toSeconds() + 8;

    private final PrintStream out;
    private final PrintStream err;
    private final EngineMaker engine;
    private final Runnable selfTest;

    /** @param selfTest returns when the cryptography was found sound and is warm */
    Main(PrintStream out, PrintStream err, EngineMaker engine, Runnable selfTest) {
        this.out = out;
        this.err = err;
        this.engine = engine;
        this.selfTest = selfTest;
    }

    public static void main(String[] words) {
        // Else Netty looks for the machine's hardware address, to name channels by it.
        System.setProperty("io.netty.machineId", "00:00:00:00:00:00");
        int status = FAILED;
        try {
            status = new Main(System.out, System.err, Main::engine, SelfTest::run).run(words);
        } catch (Throwable e) {
            // Perhaps there is no log.
            e.printStackTrace(System.err);
        }
        System.exit(status);
    }

    private static Engine engine(EnginePolicy policy, Cpus cpus, Kernel kernel) {
        Entropy entropy = new SystemEntropy();
        return new IkeEngine(policy, cpus, kernel, new JcaAlgorithms(entropy), entropy);
    }

    /** @return the exit status, when the daemon has ended */
    int run(String... words) {
        if (words.length == 1 && words[0].equals("--help")) {
            out.println(USAGE);
            return STOPPED;
        }
        if (words.length == 1 && words[0].equals("--version")) {
            out.println("ikev2d " + Version.current());
            return STOPPED;
        }
        Optional<Path> file = configFile(words);
        if (file.isEmpty()) {
            err.println(USAGE);
            return MISUSED;
        }
        return run(file.get());
    }

    private static Optional<Path> configFile(String... words) {
        if (words.length == 0) {
            return Optional.of(Path.of("/etc/ikev2d/ikev2d.toml"));
        }
        try {
            return words.length == 2 && words[0].equals("--config") ? Optional.of(Path.of(words[1])) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private int run(Path file) {
        // Both take a good part of a second, and need nothing of what is read here.
        CompletableFuture<Void> tested = inBackground("self-test", selfTest);
        var unused = inBackground("native-code", Main::loadNativeCode);
        Loaded loaded = ConfigFile.load(file);
        if (loaded instanceof Loaded.Invalid invalid) {
            invalid.problems().forEach(err::println);
            return MISUSED;
        }
        DaemonConfig config = ((Loaded.Valid) loaded).config();
        // Before the first logger is made: logback.xml asks for it.
        System.setProperty("ikev2d.log.level", config.settings().logLevel().name());
        return serve(new Daemon.Given(new LiveConfig(file, config), engine, tested, new EventLog(MonoClock::now)));
    }

    private static int serve(Daemon.Given given) {
        CompletableFuture<Daemon> started = new CompletableFuture<>();
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        HangUp.handle(() -> {
            var unused = started.thenAccept(Daemon::reload);
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endAfterSignal(started, exit), "signal"));
        int code = FAILED;
        try (Daemon daemon = Daemon.start(given)) {
            started.complete(daemon);
            code = daemon.over().join();
        } catch (StartException e) {
            given.log().tell(new Event(Event.Level.WARN, "", "start-refused", e.getMessage()));
        } finally {
            given.live().close();
            exit.complete(code);
        }
        return code;
    }

    /** SIGTERM and SIGINT are a stop. The JVM would make 143 and 130 of them; also runs when the daemon ends otherwise. */
    private static void endAfterSignal(CompletableFuture<Daemon> started, CompletableFuture<Integer> exit) {
        var unused = started.thenAccept(daemon -> daemon.stop(false));
        int code = FAILED;
        try {
            code = exit.get(EXIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            // Whatever hangs, nobody waits for it for ever.
            code = FAILED;
        }
        Runtime.getRuntime().halt(code);
    }

    private static CompletableFuture<Void> inBackground(String name, Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                        done.complete(null);
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    /** What it may have to say is said when the kernel is asked in earnest. */
    private static void loadNativeCode() {
        try {
            XfrmKernel.open().close();
        } catch (KernelException e) {
            return;
        }
    }
}
