package org.ikev2d.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class EventLogTest {
    private final AtomicReference<MonoTime> now = new AtomicReference<>(new MonoTime(0));
    private final RecordingLogger lines = new RecordingLogger(Level.DEBUG);
    private final EventLog log = new EventLog(lines, now::get);

    private void pass(Duration time) {
        now.set(now.get().plus(time));
    }

    @Test
    void anEventIsOneLineThatNamesTunnelAndCode() {
        log.tell(new Event(Event.Level.INFO, "b", "ike-up", "with 198.51.100.2"));
        log.tell(new Event(Event.Level.WARN, "", "clock", "text"));
        assertThat(lines.lines())
                .containsExactly("INFO tunnel=b code=ike-up with 198.51.100.2", "WARN code=clock text");
    }

    @Test
    void whatAPeerSaysNeitherBreaksNorForgesNorTurnsALine() {
        log.tell(new Event(
                Event.Level.INFO,
                "b\n",
                "id\r",
                "a\r\nINFO tunnel=c \u001b[31m\u0000\u0085\u2028\u2029\u202e\ud800x{}\t"));
        assertThat(lines.lines())
                .containsExactly("INFO tunnel=b\\u000a code=id\\u000d a\\u000d\\u000aINFO tunnel=c \\u001b[31m"
                        + "\\u0000\\u0085\\u2028\\u2029\\u202e\\ud800x{}\\u0009");
    }

    @Test
    void lettersOfAllScriptsStay() {
        log.tell(new Event(Event.Level.INFO, "büro", "c", "\"é \ud83d\ude00 中\""));
        assertThat(lines.lines()).containsExactly("INFO tunnel=büro code=c \"é \ud83d\ude00 中\"");
    }

    @Test
    void unprovenInputIsToldOncePerMinuteAndCode() {
        Event discard = new Event(Event.Level.DEBUG, "", "discarded", "too short");
        log.tell(discard);
        log.tell(discard);
        log.tell(discard);
        log.tell(new Event(Event.Level.DEBUG, "", "cookie", "asked"));
        pass(Duration.ofSeconds(60));
        log.tell(discard);
        pass(Duration.ofSeconds(60));
        log.tell(discard);
        assertThat(lines.lines())
                .containsExactly(
                        "DEBUG code=discarded too short",
                        "DEBUG code=cookie asked",
                        "DEBUG code=discarded too short (and 2 more since the last such line)",
                        "DEBUG code=discarded too short");
    }

    @Test
    void whoeverIsNotWhoTheySayCannotFloodTheLogWithWarningsEither() {
        Event stranger = new Event(Event.Level.WARN, "", "no-tunnel", "no tunnel matches this peer");
        Event refused = new Event(Event.Level.WARN, "b", "peer-refused", "no proposal");
        for (int i = 0; i < 25; i++) {
            log.tell(stranger);
            log.tell(refused);
        }
        assertThat(lines.lines())
                .hasSize(11)
                .filteredOn(line -> line.contains("no-tunnel"))
                .hasSize(1);
        pass(Duration.ofSeconds(60));
        log.tell(refused);
        log.tell(refused);
        assertThat(lines.lines())
                .hasSize(13)
                .endsWith(
                        "WARN tunnel=b code=peer-refused no proposal (and 15 more since the last such line)",
                        "WARN tunnel=b code=peer-refused no proposal");
    }

    @Test
    void whatProvenPeersDoIsToldEachTime() {
        Event event = new Event(Event.Level.INFO, "b", "ike-up", "with 198.51.100.2");
        for (int i = 0; i < 100; i++) {
            log.tell(event);
        }
        assertThat(lines.lines()).hasSize(100);
    }

    @Test
    void nothingIsCountedForALevelThatIsOff() {
        RecordingLogger quiet = new RecordingLogger(Level.INFO);
        EventLog log = new EventLog(quiet, now::get);
        log.tell(new Event(Event.Level.DEBUG, "", "discarded", "x"));
        log.tell(new Event(Event.Level.DEBUG, "b", "message-in", "x"));
        assertThat(quiet.lines()).isEmpty();
    }

    @Test
    void aFaultComesWithItsCauseAndNotInAFlood() {
        log.fault("engine-fault", "while it handled Tick", new IllegalStateException("no"));
        log.fault("engine-fault", "while it handled Tick", new IllegalStateException("no"));
        log.fault("engine-fault", "while it handled Tick", new IndexOutOfBoundsException("3"));
        assertThat(lines.lines())
                .containsExactly(
                        "ERROR code=engine-fault while it handled Tick <- java.lang.IllegalStateException: no",
                        "ERROR code=engine-fault while it handled Tick" + " <- java.lang.IndexOutOfBoundsException: 3");
    }
}
