package org.ikev2d.daemon;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.kernel.Cpus;
import org.ikev2d.core.kernel.KernelException;
import org.ikev2d.core.policy.EnginePolicy;
import org.ikev2d.daemon.loop.EngineHost;
import org.ikev2d.daemon.loop.MonoClock;
import org.ikev2d.daemon.net.PortPlan;
import org.ikev2d.daemon.net.PortUnavailableException;
import org.ikev2d.daemon.net.UdpPorts;
import org.ikev2d.daemon.observe.Counters;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.RecordingLogger;
import org.ikev2d.daemon.observe.StatusBoard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;

@Timeout(60)
class EndingTest {
    private final RecordingLogger lines = new RecordingLogger(Level.INFO);
    private final EventLog log = new EventLog(lines, MonoClock::now);
    private final BlockingQueue<String> kernelLeft = new LinkedBlockingQueue<>();
    private final Queue<Ticker.Task> alarms = new ConcurrentLinkedQueue<>();
    private final List<String> serviceTold = new CopyOnWriteArrayList<>();
    private final Held held = new Held(log);
    private EngineHost engine;

    @AfterEach
    void close() {
        held.close();
    }

    private Ending ending(Engine script) throws PortUnavailableException {
        return ending(script, keep -> kernelLeft.add(keep ? "kept" : "removed"));
    }

    private Ending ending(Engine script, Ending.LastWord lastWord) throws PortUnavailableException {
        Counters counters = new Counters();
        UdpPorts ports = held.add(UdpPorts.bind(PortPlan.ofIke(List.of(), 0, 0), counters, log::tell));
        Supervisor service = new Supervisor(serviceTold::add, event -> {});
        StatusBoard board = StatusBoard.of(EnginePolicy.of(List.of()), Cpus.firstOnes(1));
        engine = EngineHost.start(script, ports, board, (question, answer) -> {}, log, counters);
        held.add(engine::abandon);
        Ending ending = new Ending(engine, (delay, what, task) -> alarms.add(task), service, lastWord, log);
        ending.watch();
        return ending;
    }

    private static Step step(Output... outputs) {
        return new Step(List.of(outputs), Optional.empty());
    }

    private static Engine stopping() {
        return (now, input) -> input instanceof Input.Stop ? step(new Output.Stopped()) : step();
    }

    @Test
    void aStopTakesEverythingOutOfTheKernelOnceTheEngineIsDone() throws Exception {
        Ending ending = ending(stopping());
        assertThat(ending.begin(false).get(30, SECONDS)).isEqualTo(Main.STOPPED);
        assertThat(kernelLeft).containsExactly("removed");
        assertThat(serviceTold).containsExactly("STOPPING=1");
        alarms.remove().run();
        assertThat(alarms).as("nothing is left to be given up").isEmpty();
    }

    @Test
    void anEngineThatComesToNoEndIsGivenUpAndTheKernelIsCleanedAllTheSame() throws Exception {
        Ending ending = ending((now, input) -> step());
        CompletableFuture<Integer> over = ending.begin(false);
        alarms.remove().run();
        assertThat(over.get(30, SECONDS)).isEqualTo(Main.STOPPED);
        assertThat(kernelLeft).containsExactly("removed");
        assertThat(lines.lines()).anyMatch(line -> line.contains("stop-timeout"));
    }

    @Test
    void anEngineThatHangsIsGivenUpToo() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Ending ending = ending((now, input) -> {
            hanging.countDown();
            awaitUninterruptibly(released);
            return step();
        });
        hanging.await();
        CompletableFuture<Integer> over = ending.begin(false);
        alarms.remove().run();
        assertThat(over).isNotDone();
        alarms.remove().run();
        assertThat(over.get(30, SECONDS)).isEqualTo(Main.STOPPED);
        assertThat(kernelLeft).containsExactly("removed");
        released.countDown();
        engine.ended().get(30, SECONDS);
        assertThat(kernelLeft).as("once is enough").hasSize(1);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theFirstWishIsDoneAndTheOthersWaitForTheSameEnd() throws Exception {
        Ending ending = ending(stopping());
        CompletableFuture<Integer> first = ending.begin(true);
        CompletableFuture<Integer> second = ending.begin(false);
        ending.fail("x", "too late");
        assertThat(first.get(30, SECONDS)).isEqualTo(Main.STOPPED);
        assertThat(second.get(30, SECONDS)).isEqualTo(Main.STOPPED);
        assertThat(kernelLeft).containsExactly("kept");
    }

    @Test
    void aFailureLeavesTheSasInTheKernel() throws Exception {
        Ending ending = ending(stopping());
        ending.fail("kernel-events-ended", "no more");
        assertThat(ending.over().get(30, SECONDS)).isEqualTo(Main.FAILED);
        assertThat(kernelLeft).containsExactly("kept");
    }

    @Test
    void anEngineThatEndsUnaskedIsAFailure() throws Exception {
        Ending ending = ending((now, input) -> {
            throw new OutOfMemoryError("planted");
        });
        assertThat(ending.over().get(30, SECONDS)).isEqualTo(Main.FAILED);
        assertThat(kernelLeft).containsExactly("kept");
    }

    @Test
    void aKernelThatRefusesDoesNotKeepTheDaemonFromItsEnd() throws Exception {
        Ending ending = ending(stopping(), keep -> {
            throw new KernelException("DELSA", 1, "no");
        });
        assertThat(ending.begin(false).get(30, SECONDS)).isEqualTo(Main.STOPPED);
        assertThat(lines.lines()).anyMatch(line -> line.contains("kernel-left"));
    }
}
