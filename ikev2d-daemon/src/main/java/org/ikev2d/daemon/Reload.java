package org.ikev2d.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.daemon.config.ConfigFile.Loaded;
import org.ikev2d.daemon.config.DaemonConfig;
import org.ikev2d.daemon.config.Problem;
import org.ikev2d.daemon.config.ReqIdRecord;
import org.ikev2d.daemon.control.ControlledDaemon.Answer;
import org.ikev2d.daemon.loop.EngineHost;
import org.ikev2d.daemon.net.PortUnavailableException;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.StatusBoard;

/**
 * Has the running daemon follow its configuration file. Whatever is in the way of that is found before anything is changed.
 * One reload at a time, on a thread of its own; any thread may ask.
 */
final class Reload implements AutoCloseable {
    /** Longer than any engine that lives takes. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final LiveConfig config;
    private final ReqIdRecord record;
    private final Parts parts;
    private final Supervisor service;
    private final EventLog log;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread fresh = new Thread(task, "reload");
        fresh.setDaemon(true);
        return fresh;
    });

    private volatile EnginePolicy policy;

    /** What follows the configuration. */
    record Parts(
            DataPlane dataPlane,
            CpuWatch cpus,
            UdpPorts ports,
            StatusBoard board,
            Judges judges,
            EngineHost engine,
            ExpiryWatch expiry) {}

    /** Who judges certificates. */
    @FunctionalInterface
    interface Judges {
        void follow(DaemonConfig config);
    }

    /** @param policy in force, made of {@code config} */
    Reload(LiveConfig config, EnginePolicy policy, ReqIdRecord record, Parts parts, Supervisor service, EventLog log) {
        this.config = config;
        this.policy = policy;
        this.record = record;
        this.parts = parts;
        this.service = service;
        this.log = log;
    }

    /** In force. */
    EnginePolicy policy() {
        return policy;
    }

    /** Answers with what became of it, or with a line for each thing that is in the way. */
    CompletableFuture<Answer> run() {
        return CompletableFuture.supplyAsync(this::reload, thread);
    }

    private Answer reload() {
        service.reloading();
        try {
            Answer answer = follow(config.read());
            log.tell(
                    answer.ok()
                            ? new Event(Event.Level.INFO, "", "reloaded", answer.text())
                            : new Event(
                                    Event.Level.WARN,
                                    "",
                                    "reload-refused",
                                    "nothing was changed: "
                                            + answer.text().lines().collect(Collectors.joining(" | "))));
            return answer;
        } finally {
            service.ready();
        }
    }

    private Answer follow(Loaded loaded) {
        if (loaded instanceof Loaded.Invalid invalid) {
            return new Answer(
                    false, invalid.problems().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        DaemonConfig next = ((Loaded.Valid) loaded).config();
        List<String> lines = next.needsRestart(config.current());
        if (!lines.isEmpty()) {
            next.close();
            return new Answer(false, String.join("\n", lines));
        }
        try {
            EnginePolicy fitting = parts.dataPlane().fit(next.policy(record.assign(next.tunnels())));
            Optional<String> obstacle = parts.dataPlane().obstacle(policy, fitting);
            if (obstacle.isPresent()) {
                next.close();
                return new Answer(false, obstacle.get());
            }
            parts.ports()
                    .extend(fitting.tunnels().stream().map(TunnelPolicy::local).toList());
            return follow(next, fitting);
        } catch (IOException | PortUnavailableException e) {
            next.close();
            return new Answer(false, e.getMessage());
        }
    }

    /** Nothing is in the way any more. The judge comes before the engine, which asks again what it has asked already. */
    private Answer follow(DaemonConfig next, EnginePolicy fitting) {
        parts.board().follow(fitting, parts.cpus().latest());
        parts.judges().follow(next);
        Output.Reply reply;
        try {
            reply = parts.engine().reconfigure(fitting).get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            // Whose secrets it uses is not known: all stay open.
            return new Answer(
                    false, "the engine does not say whether it follows: see the log, and start the daemon anew");
        }
        if (!reply.ok()) {
            next.close();
            return new Answer(false, reply.text());
        }
        policy = fitting;
        config.replace(next);
        parts.expiry().tell();
        return new Answer(true, reply.text());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
