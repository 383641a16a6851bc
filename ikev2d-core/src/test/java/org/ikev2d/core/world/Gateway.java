package org.ikev2d.core.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.bytes.Bytes;
import org.ikev2d.core.crypto.Secret;
import org.ikev2d.core.crypto.jca.JcaAlgorithms;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.engine.TunnelStatus;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.net.IpAddress;
import org.ikev2d.core.policy.EnginePolicy;

/** One machine: a kernel that stays, and an engine that can be started, stopped and killed. */
public final class Gateway {
    private final String name;
    private final IpAddress address;
    private final FakeKernel kernel;
    private final SeededEntropy entropy;
    private final Engines engines;
    private final World world;
    private final List<Secret> lent = new ArrayList<>();
    private final CannedJudge judge = new CannedJudge();

    private final Map<String, TunnelStatus> statuses = new LinkedHashMap<>();
    private final List<Event> told = new ArrayList<>();
    private final Map<Long, Output.Reply> replies = new HashMap<>();
    private Cpus cpus;
    private Duration perDatagram = Duration.ZERO;
    private MonoTime free = new MonoTime(0);
    private Optional<Engine> engine = Optional.empty();
    private Optional<MonoTime> deadline = Optional.empty();
    private boolean stopped;
    private Ledger ledger = new Ledger();
    private WatchedAlgorithms algorithms;
    private long lastTicket;
    private int operationsTold;

    Gateway(World world, String name, IpAddress address, FakeKernel kernel, long seed, Cpus cpus, Engines engines) {
        this.world = world;
        this.name = name;
        this.address = address;
        this.kernel = kernel;
        this.entropy = new SeededEntropy(seed);
        this.cpus = cpus;
        this.engines = engines;
        this.algorithms = watched();
    }

    private WatchedAlgorithms watched() {
        return new WatchedAlgorithms(new JcaAlgorithms(entropy), ledger);
    }

    public String name() {
        return name;
    }

    public IpAddress address() {
        return address;
    }

    public FakeKernel kernel() {
        return kernel;
    }

    public Cpus cpus() {
        return cpus;
    }

    /** {@code secret} is lent to the engine for its life, and not the engine's to close. */
    public Gateway lends(Secret secret) {
        lent.add(secret);
        return this;
    }

    /** Whom its engine asks about certificates. */
    public CannedJudge judge() {
        return judge;
    }

    /** From now on it works for {@code duration} on each datagram, and whatever else there is waits that long. */
    public void takesItsTime(Duration duration) {
        perDatagram = duration;
    }

    /** Starts the engine, for the first time or after it stopped or was killed. */
    public void start() {
        world.expect(engine.isEmpty(), name + " runs already");
        ledger = new Ledger();
        algorithms = watched();
        stopped = false;
        statuses.clear();
        engine = Optional.of(engines.make(cpus, new WatchedKernel(kernel, ledger), algorithms, entropy));
        handle(new Input.Start());
    }

    /** Nothing is said or tidied up, as with kill -9: the kernel stays as it is, all else is gone. */
    public void kill() {
        world.tell(name + " is killed");
        engine = Optional.empty();
        deadline = Optional.empty();
    }

    /** @param keep whether states and policies stay for a successor */
    public void stop(boolean keep) {
        handle(new Input.Stop(keep));
    }

    /** @return the ticket of the answer */
    public long up(String tunnel) {
        handle(new Input.Up(++lastTicket, tunnel));
        return lastTicket;
    }

    /** @return the ticket of the answer */
    public long down(String tunnel) {
        handle(new Input.Down(++lastTicket, tunnel));
        return lastTicket;
    }

    /** @return the ticket of the answer */
    public long rekey(String tunnel) {
        handle(new Input.Rekey(++lastTicket, tunnel));
        return lastTicket;
    }

    /** @return the ticket of the answer */
    public long rekeyIke(String tunnel) {
        handle(new Input.RekeyIke(++lastTicket, tunnel));
        return lastTicket;
    }

    /** @return the ticket of the answer */
    public long reconfigure(EnginePolicy policy) {
        handle(new Input.Reconfigure(++lastTicket, policy));
        return lastTicket;
    }

    public void changeCpus(Cpus now) {
        cpus = now;
        handle(new Input.CpusChanged(now));
    }

    public boolean isRunning() {
        return engine.isPresent();
    }

    public Optional<Output.Reply> reply(long ticket) {
        return Optional.ofNullable(replies.get(ticket));
    }

    /** As last told by the engine that runs. */
    public Optional<TunnelStatus> status(String tunnel) {
        return Optional.ofNullable(statuses.get(tunnel));
    }

    /** Tunnels that it has told of. */
    public Set<String> tunnels() {
        return statuses.keySet();
    }

    /** What was told since the world began, by all lives of the engine. */
    public List<Event> told() {
        return List.copyOf(told);
    }

    public boolean hasTold(String code) {
        return told.stream().anyMatch(event -> event.code().equals(code));
    }

    /** When the engine or the kernel next wants to do something. */
    Optional<MonoTime> deadline() {
        return deadline;
    }

    void tick() {
        handle(new Input.Tick());
    }

    /** Hands the engine what the kernel has to tell. */
    void hearKernel() {
        kernel.takeEvents().forEach(event -> {
            if (engine.isPresent()) {
                hear(event);
            } else {
                world.tell(name + " kernel, unheard: " + event);
            }
        });
    }

    /** Has the engine hear {@code event}, whatever the kernel knows of it. */
    public void hear(KernelEvent event) {
        world.tell(name + " kernel: " + event);
        handle(new Input.FromKernel(event));
    }

    void handle(Input input) {
        if (!(input instanceof Input.Tick || input instanceof Input.Datagram || input instanceof Input.FromKernel)) {
            world.tell(name + " <= " + input);
        }
        Engine running = engine.orElseThrow(() -> new IllegalStateException(name + " does not run"));
        MonoTime now = world.clock().now();
        if (perDatagram.isZero()) {
            work(running, now, input);
            return;
        }
        MonoTime begin = free.compareTo(now) > 0 ? free : now;
        free = input instanceof Input.Datagram ? begin.plus(perDatagram) : begin;
        deadline = Optional.empty();
        world.after(free.since(now), () -> engine.filter(running::equals).ifPresent(same -> work(same, begin, input)));
    }

    /** What the engine does with {@code input}, which it began to look at {@code then}, is done now. */
    private void work(Engine running, MonoTime then, Input input) {
        Step step = running.handle(then, input);
        for (; operationsTold < kernel.log().size(); operationsTold++) {
            world.tell(name + "   " + kernel.log().get(operationsTold));
        }
        deadline = step.nextDeadline();
        step.outputs().forEach(this::perform);
        if (stopped) {
            world.expect(deadline.isEmpty(), name + " has stopped, but wants to be called again");
            engine = Optional.empty();
        }
    }

    private void perform(Output output) {
        world.expect(!stopped, name + " has stopped, but says " + output);
        if (output instanceof Output.Send send) {
            world.network().send(this, Parcel.ike(send.local(), send.remote(), send.octets(), send.encapsulated()));
        } else if (output instanceof Output.Keepalive keepalive) {
            world.network().send(this, new Parcel(keepalive.local(), keepalive.remote(), new Parcel.Cargo.Keepalive()));
        } else if (output instanceof Output.Status status) {
            statuses.put(status.status().tunnel(), status.status());
        } else if (output instanceof Output.Judge question) {
            Verdict verdict = judge.judge(question);
            world.tell(name + " asks of the certificate of "
                    + question.claimed().describe() + ": " + verdict.getClass().getSimpleName());
            judge.delay().ifPresent(delay -> world.after(delay, () -> answer(question, verdict)));
        } else if (output instanceof Output.Told news) {
            told.add(news.event());
            world.tell(name + " says " + news.event().level() + " "
                    + news.event().code() + ": " + news.event().text());
        } else if (output instanceof Output.Reply reply) {
            world.expect(replies.put(reply.ticket(), reply) == null, name + " answers twice: " + reply);
            world.tell(name + " => " + reply);
        } else {
            stopped = true;
            world.tell(name + " has stopped");
        }
    }

    /** Whoever runs by then hears it. */
    private void answer(Output.Judge question, Verdict verdict) {
        if (engine.isPresent()) {
            handle(new Input.Judged(question.ticket(), verdict));
        }
    }

    /** What this gateway encrypted to {@code ciphertext}. */
    Optional<Bytes> plaintextOf(Bytes ciphertext) {
        return algorithms.plaintextOf(ciphertext);
    }

    /** Secrets of the engine's last life that nobody closed. */
    List<String> unclosed() {
        return ledger.unclosed(lent);
    }

    @Override
    public String toString() {
        return name;
    }
}
