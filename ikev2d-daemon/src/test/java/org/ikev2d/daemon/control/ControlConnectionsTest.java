package org.ikev2d.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Many clients at once, idle ones, and such as do not behave. */
class ControlConnectionsTest extends ServedSocket {
    @Test
    void aChangeThatWaitsHoldsUpItsOwnConnectionOnly() throws Exception {
        daemon.add("slow");
        open(ControlLimits.DEFAULT);
        try (LineClient waiting = new LineClient(socket);
                LineClient other = new LineClient(socket)) {
            waiting.send("{\"v\":1,\"id\":1,\"op\":\"up\",\"tunnel\":\"slow\"}");
            waiting.send("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}");
            told.awaitChanges(1);
            assertThat(other.ask("{\"v\":1,\"id\":3,\"op\":\"status\"}")).hasSize(5);
            daemon.finishSlow();
            assertThat(waiting.line()).isEqualTo("{\"v\":1,\"id\":1,\"end\":true,\"ok\":true}");
            assertThat(waiting.line()).isEqualTo(OK);
        }
    }

    @Test
    void aClientThatDoesNotWaitForItsChangeLeavesNothingBehind() throws Exception {
        daemon.add("slow");
        open(new ControlLimits(4, 1024, 1, Duration.ofSeconds(60)));
        try (LineClient waiting = new LineClient(socket)) {
            waiting.send("{\"v\":1,\"id\":1,\"op\":\"up\",\"tunnel\":\"slow\"}");
            told.awaitChanges(1);
        }
        try (LineClient next = new LineClient(socket)) {
            assertThat(next.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"))
                    .first()
                    .asString()
                    .contains("\"code\":\"busy\"");
            daemon.finishSlow();
            List<String> answer;
            do {
                answer = next.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}");
            } while (answer.get(0).contains("\"busy\""));
            assertThat(answer).containsExactly(OK);
        }
    }

    /** As when the daemon ends because of {@code stop}: the answer and the end come together. */
    @RepeatedTest(20)
    void whoeverWaitsIsAnsweredBeforeTheEnd() throws Exception {
        daemon.add("slow");
        open(ControlLimits.DEFAULT);
        try (LineClient waiting = new LineClient(socket)) {
            waiting.send("{\"v\":1,\"id\":7,\"op\":\"up\",\"tunnel\":\"slow\"}");
            told.awaitChanges(1);
            Thread closing = new Thread(server::close);
            closing.start();
            daemon.finishSlow();
            assertThat(waiting.line()).isEqualTo(OK);
            assertThat(waiting.line()).isNull();
            closing.join();
        }
    }

    @Test
    void theLongestIdleConnectionMakesWay() throws IOException {
        open(new ControlLimits(3, 1024, 1, Duration.ofSeconds(60)));
        List<LineClient> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            clients.add(new LineClient(socket));
            clients.get(i).ask("{\"v\":1,\"id\":7,\"op\":\"version\"}");
        }
        clients.get(0).ask("{\"v\":1,\"id\":7,\"op\":\"version\"}");
        try (LineClient fourth = new LineClient(socket)) {
            assertThat(fourth.ask("{\"v\":1,\"id\":7,\"op\":\"version\"}")).hasSize(2);
            assertThat(clients.get(1).line()).contains("\"code\":\"idle\"");
            assertThat(clients.get(1).line()).isNull();
            assertThat(clients.get(0).ask("{\"v\":1,\"id\":7,\"op\":\"version\"}"))
                    .hasSize(2);
        }
        for (LineClient client : clients) {
            client.close();
        }
    }

    @Test
    void whenEverybodyIsBusyANewcomerIsSentAway() throws Exception {
        daemon.add("slow");
        open(new ControlLimits(2, 1024, 2, Duration.ofSeconds(60)));
        try (LineClient one = new LineClient(socket);
                LineClient two = new LineClient(socket)) {
            one.send("{\"v\":1,\"id\":1,\"op\":\"up\",\"tunnel\":\"slow\"}");
            two.send("{\"v\":1,\"id\":2,\"op\":\"up\",\"tunnel\":\"slow\"}");
            told.awaitChanges(2);
            try (LineClient three = new LineClient(socket)) {
                assertThat(three.line()).contains("\"code\":\"too-many-connections\"");
                assertThat(three.line()).isNull();
            }
        }
        daemon.finishSlow();
    }

    @Test
    void aConnectionThatAsksNothingIsClosed() throws IOException {
        open(new ControlLimits(2, 1024, 2, Duration.ofMillis(50)));
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.line()).contains("\"code\":\"idle\"");
            assertThat(client.line()).isNull();
        }
    }

    @Test
    void aClientThatTakesNoAnswerHoldsNobodyUp() throws IOException {
        addMany();
        open(ControlLimits.DEFAULT);
        try (LineClient deaf = new LineClient(socket);
                LineClient other = new LineClient(socket)) {
            deaf.send("{\"v\":1,\"id\":1,\"op\":\"status\"}");
            assertThat(other.ask("{\"v\":1,\"id\":7,\"op\":\"status\"}")).hasSize(2004);
        }
    }

    @Test
    void aClientThatTakesNoAnswerIsClosedInTheEnd() throws IOException {
        addMany();
        open(new ControlLimits(2, 1024, 2, Duration.ofMillis(200)));
        try (LineClient deaf = new LineClient(socket)) {
            deaf.send("{\"v\":1,\"id\":1,\"op\":\"status\"}");
            // Until it is closed, writing succeeds or blocks: nobody reads.
            assertThatThrownBy(() -> {
                        while (true) {
                            deaf.send("{\"v\":1,\"id\":1,\"op\":\"version\"}");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private void addMany() {
        for (int i = 0; i < 2000; i++) {
            daemon.add("tunnel-" + i);
        }
    }

    @Test
    void twoHundredConnectionsAtOnceAreServedInTheEnd() throws Exception {
        open(ControlLimits.DEFAULT);
        List<Thread> threads = new ArrayList<>();
        List<String> served = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 200; i++) {
            Thread thread = new Thread(() -> {
                try (LineClient client = new LineClient(socket)) {
                    served.addAll(client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"));
                } catch (IOException e) {
                    served.add(e.toString());
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(served).hasSizeGreaterThanOrEqualTo(200);
        try (LineClient client = new LineClient(socket)) {
            assertThat(client.ask("{\"v\":1,\"id\":7,\"op\":\"down\",\"tunnel\":\"b\"}"))
                    .containsExactly(OK);
        }
        assertThat(told.faults).isEmpty();
    }
}
