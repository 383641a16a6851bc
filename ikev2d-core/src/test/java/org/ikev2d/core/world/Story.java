package org.ikev2d.core.world;

import java.util.ArrayList;
import java.util.List;

/** What happened in a world, in order. */
final class Story {
    private static final int SHOWN = 300;

    private final VirtualClock clock;
    private final List<String> lines = new ArrayList<>();

    Story(VirtualClock clock) {
        this.clock = clock;
    }

    void tell(String line) {
        lines.add(clock + "  " + line);
    }

    String whole() {
        return String.join("\n", lines);
    }

    /** Its last lines. */
    String end() {
        int from = Math.max(0, lines.size() - SHOWN);
        String omitted = from == 0 ? "" : "… " + from + " lines before …\n";
        return omitted + String.join("\n", lines.subList(from, lines.size()));
    }
}
