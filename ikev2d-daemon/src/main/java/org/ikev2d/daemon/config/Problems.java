package org.ikev2d.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.tomlj.TomlPosition;

/** Gathers what is wrong with one file, so that all of it is told at once. */
final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private boolean partial;

    Problems(String file) {
        this.file = file;
    }

    void add(TomlPosition at, String wrong, String right) {
        found.add(new Problem(file, at.line(), at.column(), Quoted.oneLine(wrong), Quoted.oneLine(right)));
    }

    /** What the parser said: from then on, a key that is missing may stand where the parser understood nothing. */
    void addSyntax(TomlPosition at, String wrong) {
        add(at, wrong, "");
        partial = true;
    }

    /** Whether parts of the file are not known. */
    boolean isPartial() {
        return partial;
    }

    void addForFile(String wrong, String right) {
        found.add(new Problem(file, 0, 0, wrong, right));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the file. */
    List<Problem> inOrder() {
        return found.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }
}
