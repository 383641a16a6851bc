package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.ikev2d.core.engine.Event;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    private final List<String> sent = new ArrayList<>();
    private final List<Event> told = new ArrayList<>();
    private final Supervisor service = new Supervisor(sent::add, told::add);

    @Test
    void itIsToldWhatSdNotifySays() {
        service.ready();
        service.status("1 of 2 tunnels up");
        service.reloading();
        service.stopping();
        assertThat(sent).hasSize(4);
        assertThat(sent.remove(2)).matches("RELOADING=1\nMONOTONIC_USEC=[1-9]\\d*");
        assertThat(sent).containsExactly("READY=1", "STATUS=1 of 2 tunnels up", "STOPPING=1");
    }

    @Test
    void theWatchdogIsFedOnlyByAnEngineThatGetsThere() {
        Deque<Runnable> engine = new ArrayDeque<>();
        Executor executor = engine::add;
        service.beatThrough(executor);
        service.beatThrough(executor);
        assertThat(sent).isEmpty();
        assertThat(engine).hasSize(1);
        engine.remove().run();
        assertThat(sent).containsExactly("WATCHDOG=1");
        service.beatThrough(executor);
        assertThat(engine).hasSize(1);
    }

    @Test
    void anEngineThatHasStoppedFeedsNothing() {
        service.beatThrough(task -> {
            throw new RejectedExecutionException("stopped");
        });
        assertThat(sent).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void whatCannotBeToldIsLogged() {
        Supervisor deaf = new Supervisor(
                assignments -> {
                    throw new IOException("gone");
                },
                told::add);
        deaf.ready();
        assertThat(told).singleElement().matches(event -> event.text().contains("gone"));
    }

    @Test
    void theWatchdogIsFedTwiceAsOftenAsItAsks() {
        assertThat(Supervisor.beatInterval(Map.of("WATCHDOG_USEC", "30000000"), 7))
                .contains(Duration.ofSeconds(15));
        assertThat(Supervisor.beatInterval(Map.of("WATCHDOG_USEC", "3", "WATCHDOG_PID", "7"), 7))
                .contains(Duration.ofNanos(1500));
    }

    @Test
    void nobodyFeedsAWatchdogThatIsNotTheirs() {
        assertThat(Supervisor.beatInterval(Map.of(), 7)).isEmpty();
        assertThat(Supervisor.beatInterval(Map.of("WATCHDOG_USEC", "0"), 7)).isEmpty();
        assertThat(Supervisor.beatInterval(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
        assertThat(Supervisor.beatInterval(Map.of("WATCHDOG_USEC", "99999999999999999999"), 7))
                .isEmpty();
        assertThat(Supervisor.beatInterval(Map.of("WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "8"), 7))
                .isEmpty();
    }
}
