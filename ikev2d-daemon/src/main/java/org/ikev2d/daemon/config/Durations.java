package org.ikev2d.daemon.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as a configuration file has them: {@code "500ms"}, {@code "30s"}, {@code "5m"}, {@code "4h"}, {@code "1d"}. */
final class Durations {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)?");
    private static final String RIGHT = "write a number with a unit, such as \"500ms\", \"30s\", \"5m\" or \"4h\"";

    private Durations() {}

    /** A number without a unit is of seconds. */
    static Duration parse(String text) throws BadValueException {
        Matcher parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            throw new BadValueException(Quoted.of(text) + " is no duration", RIGHT);
        }
        long count = Long.parseLong(parts.group(1));
        String unit = parts.group(2) == null ? "s" : parts.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofSeconds(count);
        };
    }

    /** As {@link #parse} reads it, in the largest unit that leaves no rest. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
