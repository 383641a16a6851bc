package org.ikev2d.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.kernel.Kernel;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.kernel.ReqId;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.core.policy.TunnelPolicy;
import org.ikev2d.core.policy.TunnelPolicy.OnStop;
import org.ikev2d.daemon.config.DaemonConfig;
import org.ikev2d.daemon.config.DaemonSettings.Steering;
import org.ikev2d.daemon.config.ReqIdRecord;
import org.ikev2d.daemon.control.ControlLimits;
import org.ikev2d.daemon.control.ControlServer;
import org.ikev2d.daemon.control.DaemonStatus;
import org.ikev2d.daemon.control.Version;
import org.ikev2d.daemon.loop.EngineHost;
import org.ikev2d.daemon.net.PortUnavailableException;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.daemon.observe.Counter;
import org.ikev2d.daemon.observe.Counters;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.StatusBoard;
import org.ikev2d.daemon.trust.CertificateJudge;
import org.ikev2d.daemon.trust.JudgeDesk;
import org.ikev2d.daemon.trust.RevocationSources;

/**
 * Puts the daemon together, and is the one place that knows all its parts: kernel, ports, engine, control socket,
 * service manager. Used once.
 */
final class Startup {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration CPU_INTERVAL = Duration.ofSeconds(5);
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);
    private static final Duration EXPIRY_INTERVAL = Duration.ofDays(1);
    private static final Duration GUARD_INTERVAL = Duration.ofSeconds(5);

    private final Daemon.Given given;
    private final EventLog log;
    private final Held held;
    private final Ticker ticker;
    private final Supervisor service;
    private final Counters counters = new Counters();

    Startup(Daemon.Given given) {
        this.given = given;
        this.log = given.log();
        this.held = new Held(log);
        this.ticker = held.add(new Ticker(log));
        this.service = Supervisor.fromEnvironment(log::tell);
    }

    Daemon run() throws StartException {
        try {
            return assemble();
        } catch (IOException | KernelException | PortUnavailableException e) {
            held.close();
            throw new StartException(e.getMessage(), e);
        } catch (LinkageError e) {
            held.close();
            throw new StartException(
                    "cannot load native code (" + e.getMessage() + "): java.io.tmpdir ("
                            + System.getProperty("java.io.tmpdir") + ") must allow programs to run",
                    e);
        } catch (StartException | RuntimeException | Error e) {
            held.close();
            throw e;
        }
    }

    private Daemon assemble() throws StartException, IOException, KernelException, PortUnavailableException {
        Path runtimeDir = given.settings().runtimeDir();
        held.add(RunLock.take(runtimeDir));
        held.add(this::tellCounts);
        ReqIdRecord record = ReqIdRecord.open(runtimeDir);
        record.warning().ifPresent(text -> tell(Event.Level.WARN, "reqid-record", text));
        EnginePolicy asked = given.config().policy(record.assign(given.config().tunnels()));
        UserspaceFaults faults = new UserspaceFaults(log);
        DataPlane dataPlane = held.add(dataPlane(asked, faults));
        CpuWatch cpus = new CpuWatch(dataPlane::cpus);
        EnginePolicy policy = dataPlane.fit(asked);
        StatusBoard board = StatusBoard.of(policy, cpus.latest());
        UdpPorts ports = held.add(UdpPorts.bind(dataPlane.ports(policy), counters, log::tell));
        // From here on there may be policies that need it; earlier, its end would touch those of another daemon.
        if (dataPlane.outlivesTheDaemon()) {
            Guard guard = held.add(Guard.post(log::tell));
            ticker.every(GUARD_INTERVAL, "looking after the guard", guard::look);
        }
        Optional<NicSteering> steering = steering(dataPlane, runtimeDir);
        dataPlane.open(ports);
        JudgeDesk judge = held.add(new JudgeDesk(
                judge(given.config()), fault -> log.fault("judge-fault", "judging a certificate", fault)));
        await(given.selfTest(), "the cryptographic self-test");
        EngineHost engine = EngineHost.start(
                given.engine().make(policy, cpus.latest(), steered(dataPlane.states(), steering)),
                ports,
                board,
                judge::judge,
                log,
                counters);
        held.add(() -> abandon(engine, dataPlane));
        ExpiryWatch expiry = new ExpiryWatch(given.live(), log, InstantSource.system());
        Reload.Parts followers =
                new Reload.Parts(dataPlane, cpus, ports, board, config -> judge.replace(judge(config)), engine, expiry);
        Reload reload = held.add(new Reload(given.live(), policy, record, followers, service, log));
        Ending ending = ending(engine, reload, dataPlane);
        faults.ending(ending);
        // What it finds in the kernel is adopted or removed before anybody may ask for anything.
        await(CompletableFuture.runAsync(() -> {}, engine), "the engine's start");
        refuseAfterFault();
        listen(dataPlane, engine, ending);
        record.forget(new KernelSweep(dataPlane.counters())
                .forgettable(record.all(), given.config().tunnels()));

        Controls controls =
                new Controls(status(dataPlane), board, cpus, dataPlane, steering, expiry, engine, reload, ending);
        held.add(ControlServer.open(
                given.settings().controlSocket(),
                given.settings().controlGroup(),
                ControlLimits.DEFAULT,
                controls,
                new ControlLog(log)));
        keepTime(cpus, engine, board);
        expiry.tell();
        ticker.every(EXPIRY_INTERVAL, "looking for what is about to expire", expiry::tell);
        announce(board);
        return new Daemon(held, reload, ending);
    }

    private static CertificateJudge judge(DaemonConfig config) {
        return new CertificateJudge(
                config.trust(), new RevocationSources(config.settings().fetch()), InstantSource.system());
    }

    /** Says in one line what it can and cannot do. */
    private DataPlane dataPlane(EnginePolicy asked, UserspaceFaults faults)
            throws StartException, IOException, KernelException {
        DataPlane dataPlane = new DataPlaneChoice(given.settings(), asked, faults).open();
        DataPlane.Facts facts = dataPlane.facts();
        tell(facts.cannot().isEmpty() ? Event.Level.INFO : Event.Level.WARN, facts.name(), facts.summary());
        return dataPlane;
    }

    /** Where SAs are for single CPUs, and the operator has not switched it off. */
    private Optional<NicSteering> steering(DataPlane dataPlane, Path runtimeDir) throws KernelException, IOException {
        return given.settings().steering() == Steering.AUTO && dataPlane.steersNics()
                ? Optional.of(held.add(NicSteering.start(runtimeDir, log)))
                : Optional.empty();
    }

    private static Kernel steered(Kernel kernel, Optional<NicSteering> steering) {
        return steering.<Kernel>map(nics -> new SteeredKernel(kernel, nics::poke))
                .orElse(kernel);
    }

    private static void await(CompletableFuture<Void> done, String what) throws StartException {
        try {
            done.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StartException(what + " failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new StartException(what + " took more than " + LONGEST.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException(what + " was interrupted", e);
        }
    }

    private void refuseAfterFault() throws StartException {
        if (counters.total(Counter.ENGINE_FAULTS) > 0) {
            throw new StartException("a fault of ikev2d's own kept the engine from starting: see the line above");
        }
    }

    /** A moment for what it is doing, before its sockets are closed; one that hangs is left to the exit. */
    private void abandon(EngineHost engine, DataPlane dataPlane) throws KernelException {
        engine.abandon();
        boolean ended = engine.ended()
                .handle((done, failure) -> true)
                .completeOnTimeout(false, 1, TimeUnit.SECONDS)
                .join();
        if (!ended) {
            tell(Event.Level.WARN, "engine-hangs", "the engine does not come back from what it does");
        }
        dataPlane.leave(true, Map.of());
    }

    private Ending ending(EngineHost engine, Reload reload, DataPlane dataPlane) {
        Ending ending = new Ending(
                engine, ticker::after, service, keep -> dataPlane.leave(keep, leftBehind(reload.policy())), log);
        ending.watch();
        return ending;
    }

    private static Map<ReqId, OnStop> leftBehind(EnginePolicy policy) {
        return policy.tunnels().stream().collect(Collectors.toMap(TunnelPolicy::reqId, TunnelPolicy::onStop));
    }

    /** Without the kernel's events CPUs would wait for SAs in vain: their end is the daemon's. */
    private void listen(DataPlane dataPlane, EngineHost engine, Ending ending) {
        Thread.setDefaultUncaughtExceptionHandler((thread, cause) -> {
            log.fault("thread-ended", "thread " + thread.getName() + " has ended", cause);
            if (thread.getName().equals("xfrm-events")) {
                ending.fail("kernel-events-ended", "the daemon cannot go on without the kernel's events");
            }
        });
        dataPlane.listen(engine::tell);
    }

    private DaemonStatus status(DataPlane dataPlane) {
        DataPlane.Facts facts = dataPlane.facts();
        return new DaemonStatus(
                Version.current(),
                Instant.now().getEpochSecond(),
                new DaemonStatus.Dataplane(facts.name(), facts.why(), facts.unit(), facts.can()),
                facts.cannot());
    }

    private void keepTime(CpuWatch cpus, EngineHost engine, StatusBoard board) {
        ticker.every(CPU_INTERVAL, "reading the list of CPUs", () -> cpus.look(engine::tell));
        ticker.every(STATUS_INTERVAL, "telling the service manager", () -> service.status(summary(board)));
        Supervisor.beatInterval(System.getenv(), ProcessHandle.current().pid())
                .ifPresent(
                        interval -> ticker.every(interval, "feeding the watchdog", () -> service.beatThrough(engine)));
    }

    private void announce(StatusBoard board) {
        int tunnels = board.all().size();
        String took = ProcessHandle.current()
                .info()
                .startInstant()
                .map(begun -> " " + Duration.between(begun, Instant.now()).toMillis() + " ms after its start")
                .orElse("");
        tell(
                Event.Level.INFO,
                "ready",
                "ikev2d " + Version.current() + " is ready" + took + ", with " + tunnels
                        + (tunnels == 1 ? " tunnel" : " tunnels"));
        service.status(summary(board));
        service.ready();
    }

    private void tellCounts() {
        String counts = counters.snapshot().entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> each.getKey().label() + "=" + each.getValue())
                .collect(Collectors.joining(" "));
        if (!counts.isEmpty()) {
            tell(Event.Level.INFO, "counted", counts);
        }
    }

    private static String summary(StatusBoard board) {
        List<TunnelStatus> tunnels = board.all();
        long up = tunnels.stream()
                .filter(tunnel -> tunnel.state() == TunnelStatus.State.UP)
                .count();
        return up + " of " + tunnels.size() + " tunnels up";
    }

    private void tell(Event.Level level, String code, String text) {
        log.tell(new Event(level, "", code, text));
    }
}
