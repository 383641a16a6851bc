package org.ikev2d.daemon.net;

import io.netty.channel.EventLoopGroup;
import java.util.function.Consumer;
import org.ikev2d.core.engine.Event;
import org.ikev2d.daemon.observe.Counters;

/** What all sockets share. */
record Surroundings(EventLoopGroup group, PortPlan plan, Counters counters, Consumer<Event> log) {
    void tell(Event.Level level, String code, String text) {
        log.accept(new Event(level, "", code, text));
    }
}
