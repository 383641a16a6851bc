package org.ikev2d.core.tunnel;

import java.util.ArrayList;
import java.util.List;
import org.ikev2d.core.engine.Output;
import org.ikev2d.core.exchange.Failure;
import org.ikev2d.core.sa.Workbench;

/** Operators who wait for a tunnel to come up or go down. */
final class Tickets {
    private final Workbench bench;
    private final List<Long> up = new ArrayList<>();
    private final List<Long> down = new ArrayList<>();

    Tickets(Workbench bench) {
        this.bench = bench;
    }

    void wantUp(long ticket) {
        up.add(ticket);
    }

    void wantDown(long ticket) {
        down.add(ticket);
    }

    void up(String text) {
        answer(up, true, text);
        answer(down, false, text);
    }

    /** Nothing is up any more, nor under way. */
    void down(Failure why) {
        answer(up, false, why.text());
        answer(down, true, "the tunnel is down");
    }

    private void answer(List<Long> waiting, boolean ok, String text) {
        waiting.forEach(ticket -> bench.emit(new Output.Reply(ticket, ok, text)));
        waiting.clear();
    }
}
