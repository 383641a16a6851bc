package org.ikev2d.daemon.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.ikev2d.core.auth.Verdict;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.daemon.observe.Counters;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.StatusBoard;

/**
 * An engine at work: its thread, the UDP ports that it speaks through, the board that shows its tunnels, and those who
 * wait for its answers. Any thread may call, and none waits.
 */
public final class EngineHost implements Executor {
    private static final String STOPPED = "the daemon has stopped";

    private final EngineLoop loop;
    private final UdpPorts ports;
    private final StatusBoard board;
    private final Judge judge;
    private final EventLog log;
    private final Tickets tickets = new Tickets();
    private final CompletableFuture<Void> ended;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** Who finds out about the certificates of peers. */
    @FunctionalInterface
    public interface Judge {
        /** @param answer is told once, on any thread; does not wait */
        void judge(Output.Judge question, Consumer<Verdict> answer);
    }

    private EngineHost(Engine engine, UdpPorts ports, StatusBoard board, Judge judge, EventLog log, Counters counters) {
        this.loop = new EngineLoop(engine, this::perform, log, counters);
        this.ports = ports;
        this.board = board;
        this.judge = judge;
        this.log = log;
        this.ended = loop.ended().whenComplete((done, failure) -> tickets.refuseAll(STOPPED));
    }

    /**
     * Gives {@code engine} its start, then what comes in. {@code ports} stay the caller's, to be closed after
     * {@link #ended}.
     */
    public static EngineHost start(
            Engine engine, UdpPorts ports, StatusBoard board, Judge judge, EventLog log, Counters counters) {
        EngineHost host = new EngineHost(engine, ports, board, judge, log, counters);
        host.loop.start();
        host.loop.command(new Input.Start());
        ports.receive(host.loop::offer);
        return host;
    }

    /** Never lost: events that are too many become an overrun. */
    public void tell(KernelEvent event) {
        loop.offer(event);
    }

    public void tell(Cpus cpus) {
        ask(new Input.CpusChanged(cpus));
    }

    /** Answered when the tunnel is up or the attempt has failed. */
    public CompletableFuture<Output.Reply> up(String tunnel) {
        return ask(ticket -> new Input.Up(ticket, tunnel));
    }

    /** Answered when the tunnel is down. */
    public CompletableFuture<Output.Reply> down(String tunnel) {
        return ask(ticket -> new Input.Down(ticket, tunnel));
    }

    /** Answered when the rekeying has begun. */
    public CompletableFuture<Output.Reply> rekey(String tunnel) {
        return ask(ticket -> new Input.Rekey(ticket, tunnel));
    }

    /** Answered when the rekeying of the IKE SA has begun. */
    public CompletableFuture<Output.Reply> rekeyIke(String tunnel) {
        return ask(ticket -> new Input.RekeyIke(ticket, tunnel));
    }

    /** Answered when {@code policy} is in force; the secrets of the one before are not used any more then. */
    public CompletableFuture<Output.Reply> reconfigure(EnginePolicy policy) {
        return ask(ticket -> new Input.Reconfigure(ticket, policy));
    }

    /** Begins the end; only the first call does anything. {@link #ended} tells when. */
    public void stop(boolean keep) {
        if (stopping.compareAndSet(false, true)) {
            ask(new Input.Stop(keep));
        }
    }

    /** Ends after what is being done at the moment. */
    public void abandon() {
        loop.abandon();
    }

    /** Completes when the engine is not called any more; exceptionally when it should have been. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /**
     * Runs {@code task} on the engine's thread.
     *
     * @throws RejectedExecutionException when the engine has stopped
     */
    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    private CompletableFuture<Output.Reply> ask(LongFunction<Input> question) {
        long ticket = tickets.draw();
        CompletableFuture<Output.Reply> answer = tickets.await(ticket);
        if (!ask(question.apply(ticket))) {
            tickets.answer(new Output.Reply(ticket, false, STOPPED));
        }
        return answer;
    }

    /** False when the engine has stopped. */
    private boolean ask(Input input) {
        try {
            loop.command(input);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void perform(Output output) {
        if (output instanceof Output.Send message) {
            ports.send(message);
        } else if (output instanceof Output.Keepalive keepalive) {
            ports.send(keepalive);
        } else if (output instanceof Output.Status status) {
            board.update(status.status());
        } else if (output instanceof Output.Told told) {
            log.tell(told.event());
        } else if (output instanceof Output.Judge question) {
            judge.judge(question, verdict -> ask(new Input.Judged(question.ticket(), verdict)));
        } else if (output instanceof Output.Reply reply) {
            tickets.answer(reply);
        } else if (!(output instanceof Output.Stopped)) {
            throw new AssertionError(output);
        }
    }
}
