package org.ikev2d.daemon.doctor;

import java.util.ArrayList;
import java.util.List;

/** Collects what is found about one thing. */
final class Findings {
    private final String about;
    private final List<Finding> found = new ArrayList<>();

    Findings(String about) {
        this.about = about;
    }

    void add(Patient.Paper paper) {
        if (paper.fine()) {
            fine(paper.point(), paper.text());
        } else {
            todo(paper.point(), paper.text());
        }
    }

    void fine(String point, String text) {
        found.add(new Finding(about, point, Verdict.FINE, text, List.of()));
    }

    void todo(String point, String text, String... commands) {
        todo(point, text, List.of(commands));
    }

    void todo(String point, String text, List<String> commands) {
        found.add(new Finding(about, point, Verdict.TODO, text, commands));
    }

    void unknown(String point, String text, String... commands) {
        found.add(new Finding(about, point, Verdict.UNKNOWN, text, List.of(commands)));
    }

    List<Finding> all() {
        return List.copyOf(found);
    }
}
