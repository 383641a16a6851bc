package org.ikev2d.daemon.observe;

import java.util.function.Supplier;
import org.ikev2d.core.engine.Event;
import org.ikev2d.core.engine.MonoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Turns events into lines: {@code tunnel=b code=ike-up} and the text, one line each whatever the text holds. Any thread.
 */
public final class EventLog {
    private static final int MOST_OF_TUNNEL = 10;

    private final Logger logger;
    private final Supplier<MonoTime> clock;
    private final Repeats repeats = new Repeats();

    public EventLog(Supplier<MonoTime> clock) {
        this(LoggerFactory.getLogger("ikev2d"), clock);
    }

    public EventLog(Logger logger, Supplier<MonoTime> clock) {
        this.logger = logger;
        this.clock = clock;
    }

    /**
     * Writes a line, unless it would be one too many this minute: INFO events, which peers cause only when they are who
     * they say, are all told, others of a tunnel ten times for each code, those of no tunnel once.
     */
    public void tell(Event event) {
        if (!logger.isEnabledForLevel(levelOf(event))) {
            return;
        }
        if (event.level() == Event.Level.INFO) {
            write(event, 0);
            return;
        }
        int most = event.tunnel().isEmpty() ? 1 : MOST_OF_TUNNEL;
        repeats.permit(event.tunnel() + ' ' + event.code(), most, clock.get())
                .ifPresent(heldBack -> write(event, heldBack));
    }

    /** A fault of ours, with its trace; once a minute for each code, text and kind of exception. */
    public void fault(String code, String text, Throwable cause) {
        String kind = "fault " + code + ' ' + text + ' ' + cause.getClass().getName();
        repeats.permit(kind, 1, clock.get())
                .ifPresent(heldBack ->
                        logger.error(line(new Event(Event.Level.WARN, "", code, text), heldBack), cause));
    }

    private void write(Event event, long heldBack) {
        logger.atLevel(levelOf(event)).log(line(event, heldBack));
    }

    private static String line(Event event, long heldBack) {
        StringBuilder line = new StringBuilder();
        if (!event.tunnel().isEmpty()) {
            line.append("tunnel=").append(Escape.line(event.tunnel())).append(' ');
        }
        line.append("code=").append(Escape.line(event.code())).append(' ').append(Escape.line(event.text()));
        if (heldBack > 0) {
            line.append(" (and ").append(heldBack).append(" more since the last such line)");
        }
        return line.toString();
    }

    private static Level levelOf(Event event) {
        return switch (event.level()) {
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
        };
    }
}
