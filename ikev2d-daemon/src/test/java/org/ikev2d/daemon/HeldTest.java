package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.ikev2d.daemon.loop.MonoClock;
import org.ikev2d.daemon.observe.EventLog;
import org.ikev2d.daemon.observe.RecordingLogger;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class HeldTest {
    @Test
    void allIsClosedInReverseThoughOneFails() {
        RecordingLogger lines = new RecordingLogger(Level.INFO);
        List<Integer> closed = new ArrayList<>();
        Held held = new Held(new EventLog(lines, MonoClock::now));
        held.add(() -> closed.add(1));
        held.add(() -> {
            throw new IllegalStateException("stuck");
        });
        held.add(() -> closed.add(3));
        held.close();
        held.close();
        assertThat(closed).containsExactly(3, 1);
        assertThat(lines.lines()).singleElement().asString().contains("stuck");
    }
}
