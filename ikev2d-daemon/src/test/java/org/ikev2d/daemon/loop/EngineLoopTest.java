package org.ikev2d.daemon.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.ikev2d.core.engine.Engine;
import org.ikev2d.core.engine.Input;
import org.ikev2d.core.engine.MonoTime;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.engine.Step;
import org.ikev2d.core.kernel.KernelEvent;
import org.ikev2d.daemon.observe.Counter;
import org.ikev2d.daemon.observe.Counters;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.RecordingLogger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;

/** Engines here are scripts; waiting is for what must come, never for time to pass. */
@Timeout(60)
class EngineLoopTest {
    private static final Step NOTHING = new Step(List.of(), Optional.empty());

    private final BlockingQueue<Output> outputs = new LinkedBlockingQueue<>();
    private final RecordingLogger lines = new RecordingLogger(Level.DEBUG);
    private final Counters counters = new Counters();
    private final List<EngineLoop> started = new ArrayList<>();

    private EngineLoop start(Engine engine) {
        EngineLoop loop = new EngineLoop(engine, outputs::add, new EventLog(lines, MonoClock::now), counters);
        started.add(loop);
        loop.start();
        return loop;
    }

    @AfterEach
    void endAll() {
        started.forEach(EngineLoop::abandon);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Step reply(String text) {
        return new Step(List.of(new Output.Reply(0, true, text)), Optional.empty());
    }

    private String nextText() throws InterruptedException {
        return ((Output.Reply) outputs.take()).text();
    }

    @Test
    void outputsArePerformedInOrderOnTheOneThreadThatOwnsTheEngine() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        EngineLoop loop = start((now, input) -> {
            threads.add(Thread.currentThread());
            String name = ((Input.Up) input).tunnel();
            return new Step(
                    List.of(new Output.Reply(0, true, name + 1), new Output.Reply(0, true, name + 2)),
                    Optional.empty());
        });
        loop.command(new Input.Up(0, "a"));
        loop.command(new Input.Up(0, "b"));
        assertThat(List.of(nextText(), nextText(), nextText(), nextText())).containsExactly("a1", "a2", "b1", "b2");
        assertThat(threads.get(0)).isSameAs(threads.get(1)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void aTickComesOnceTheDeadlineHasPassedAndEveryNewDeadlineReplacesTheOld() throws InterruptedException {
        BlockingQueue<MonoTime> ticks = new ArrayBlockingQueue<>(8);
        List<MonoTime> deadlines = new ArrayList<>();
        EngineLoop loop = start((now, input) -> {
            if (input instanceof Input.Tick) {
                ticks.add(now);
                return NOTHING;
            }
            // The first deadline is far; the second replaces it.
            MonoTime deadline = now.plus(deadlines.isEmpty() ? Duration.ofHours(1) : Duration.ofMillis(5));
            deadlines.add(deadline);
            return new Step(List.of(), Optional.of(deadline));
        });
        loop.command(new Input.Start());
        loop.command(new Input.Start());
        MonoTime ticked = ticks.take();
        assertThat(ticked).isGreaterThanOrEqualTo(deadlines.get(1)).isLessThan(deadlines.get(0));
        loop.abandon();
        loop.ended().join();
        assertThat(ticks).isEmpty();
    }

    @Test
    void noWakeUpIsLost() throws InterruptedException {
        BlockingQueue<Input> handled = new LinkedBlockingQueue<>();
        EngineLoop loop = start((now, input) -> {
            handled.add(input);
            return NOTHING;
        });
        // One at a time, so that the loop goes to sleep, or is just about to, before each.
        for (int i = 0; i < 20_000; i++) {
            Input input = i % 3 == 0 ? InboxTest.datagram(i) : new Input.Up(i, "b");
            if (input instanceof Input.Datagram datagram) {
                assertThat(loop.offer(datagram)).isTrue();
            } else {
                loop.command(input);
            }
            assertThat(handled.take()).isEqualTo(input);
        }
    }

    @Test
    void manyThreadsAtOnceLoseNothing() throws InterruptedException {
        int each = 5000;
        CountDownLatch handled = new CountDownLatch(4 * each);
        EngineLoop loop = start((now, input) -> {
            handled.countDown();
            return NOTHING;
        });
        List<Thread> givers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread giver = new Thread(() -> {
                for (int n = 0; n < each; n++) {
                    loop.command(new Input.Up(n, "b"));
                }
            });
            giver.start();
            givers.add(giver);
        }
        for (Thread giver : givers) {
            giver.join();
        }
        assertThat(handled.await(50, SECONDS)).isTrue();
    }

    @Test
    void anExceptionOutOfTheEngineIsToldWithTheInputsKindAndTheLoopGoesOn() throws InterruptedException {
        CountDownLatch failing = new CountDownLatch(1);
        EngineLoop loop = start((now, input) -> {
            if (input instanceof Input.Datagram) {
                failing.countDown();
                throw new IllegalStateException("a bug");
            }
            return reply("alive");
        });
        loop.offer(InboxTest.datagram(1));
        // What comes while the datagram still waits would go before it.
        failing.await();
        loop.offer(new KernelEvent.Overrun());
        loop.command(new Input.Up(0, "b"));
        assertThat(List.of(nextText(), nextText())).containsExactly("alive", "alive");
        loop.execute(() -> outputs.add(new Output.Reply(0, true, "passed")));
        assertThat(nextText()).isEqualTo("passed");
        assertThat(lines.lines())
                .containsExactly("ERROR code=engine-fault a fault of ikev2d's own while it handled Datagram"
                        + " <- java.lang.IllegalStateException: a bug");
        assertThat(counters.total(Counter.ENGINE_FAULTS)).isEqualTo(1);
    }

    @Test
    void aTickThatFailsIsTriedAgainAfterASecond() throws InterruptedException {
        AtomicLong nanos = new AtomicLong();
        BlockingQueue<MonoTime> ticks = new LinkedBlockingQueue<>();
        EngineLoop loop = new EngineLoop(
                (now, input) -> {
                    if (input instanceof Input.Tick) {
                        ticks.add(now);
                        throw new IllegalStateException("a bug");
                    }
                    return new Step(List.of(), Optional.of(now));
                },
                outputs::add,
                new EventLog(lines, MonoClock::now),
                counters,
                new Inbox(() -> new MonoTime(nanos.get()), new Inbox.Bounds(1, 1, 1)));
        started.add(loop);
        loop.start();
        loop.command(new Input.Start());
        assertThat(ticks.take()).isEqualTo(new MonoTime(0));
        for (long at : new long[] {1, 999_999_999, 1_000_000_000}) {
            assertThat(ticks).isEmpty();
            nanos.set(at);
            // A task makes the loop look at the clock anew.
            CompletableFuture.runAsync(() -> {}, loop).join();
        }
        assertThat(ticks.take()).isEqualTo(new MonoTime(1_000_000_000));
    }

    @Test
    void anOutputThatFailsDoesNotHinderTheNext() throws InterruptedException {
        BlockingQueue<String> done = new LinkedBlockingQueue<>();
        EngineLoop loop = new EngineLoop(
                (now, input) -> new Step(
                        List.of(new Output.Reply(0, true, "bad"), new Output.Reply(0, true, "good")), Optional.empty()),
                output -> {
                    String text = ((Output.Reply) output).text();
                    if (text.equals("bad")) {
                        throw new IllegalStateException(text);
                    }
                    done.add(text);
                },
                new EventLog(lines, MonoClock::now),
                counters);
        started.add(loop);
        loop.start();
        loop.command(new Input.Start());
        assertThat(done.take()).isEqualTo("good");
        assertThat(lines.lines()).singleElement().asString().contains("while it handled Reply");
    }

    @Test
    void aTaskRunsOnTheEnginesThreadAndItsFailureIsTold() throws InterruptedException {
        EngineLoop loop = start((now, input) -> NOTHING);
        CompletableFuture<String> ran = new CompletableFuture<>();
        loop.execute(() -> {
            throw new IllegalStateException("no");
        });
        loop.execute(() -> ran.complete(Thread.currentThread().getName()));
        assertThat(ran.join()).isEqualTo("engine");
        assertThat(lines.lines()).singleElement().asString().contains("while it handled a task");
    }

    @Test
    void afterStoppedTheLoopEndsAndWhatComesLaterIsRefused() {
        EngineLoop loop = start((now, input) ->
                new Step(List.of(new Output.Stopped(), new Output.Reply(0, true, "last")), Optional.of(now)));
        loop.command(new Input.Stop(false));
        loop.ended().join();
        assertThat(outputs).containsExactly(new Output.Stopped(), new Output.Reply(0, true, "last"));
        assertThatThrownBy(() -> loop.command(new Input.Start())).isInstanceOf(RejectedExecutionException.class);
        assertThat(loop.offer(InboxTest.datagram(1))).isFalse();
    }

    @Test
    void anEngineThatLeavesTheJvmInDoubtEndsTheLoopAndSaysSo() {
        EngineLoop loop = start((now, input) -> {
            throw new OutOfMemoryError("planted");
        });
        loop.command(new Input.Start());
        assertThatThrownBy(() -> loop.ended().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(lines.lines()).singleElement().asString().startsWith("ERROR code=engine-ended");
    }

    @Test
    void aFullQueueSaysSoWhileTheEngineIsBusyAndTasksStillGetThrough() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        EngineLoop loop = start((now, input) -> {
            if (input instanceof Input.Start) {
                busy.countDown();
                awaitUninterruptibly(release);
            }
            return NOTHING;
        });
        loop.command(new Input.Start());
        busy.await();
        int kept = 0;
        while (loop.offer(InboxTest.datagram(kept))) {
            kept++;
        }
        assertThat(kept).isEqualTo(4096);
        CompletableFuture<Void> fed = CompletableFuture.runAsync(() -> {}, loop);
        assertThat(fed).isNotDone();
        release.countDown();
        fed.join();
    }
}
