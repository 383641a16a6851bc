package org.ikev2d.daemon.observe;

import java.util.OptionalLong;
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
    private final Logger logger;
    private final Supplier<MonoTime> clock;
    private final OncePerMinute repeats = new OncePerMinute();

    public EventLog(Supplier<MonoTime> clock) {
        this(LoggerFactory.getLogger("ikev2d"), clock);
    }

    public EventLog(Logger logger, Supplier<MonoTime> clock) {
        this.logger = logger;
        this.clock = clock;
    }

    /** Writes a line; of DEBUG events without a tunnel, which anybody can cause, one a minute for each code. */
    public void tell(Event event) {
        if (event.level() == Event.Level.DEBUG && event.tunnel().isEmpty()) {
            tellSeldom(event);
        } else {
            write(event, 0);
        }
    }

    /** Writes a line unless one with the same tunnel and code was written this way within a minute. */
    public void tellSeldom(Event event) {
        if (!logger.isEnabledForLevel(levelOf(event))) {
            return;
        }
        OptionalLong heldBack = repeats.permit(event.tunnel() + ' ' + event.code(), clock.get());
        heldBack.ifPresent(count -> write(event, count));
    }

    /** A fault of ours, with its trace; kept back as {@link #tellSeldom} does. */
    public void fault(String code, String text, Throwable cause) {
        OptionalLong heldBack =
                repeats.permit("fault " + code + ' ' + cause.getClass().getName(), clock.get());
        if (heldBack.isPresent()) {
            Event event = new Event(Event.Level.WARN, "", code, text);
            logger.error(line(event, heldBack.getAsLong()), cause);
        }
    }

    private void write(Event event, long heldBack) {
        Level level = levelOf(event);
        if (logger.isEnabledForLevel(level)) {
            logger.atLevel(level).log(line(event, heldBack));
        }
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
