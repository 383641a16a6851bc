package org.ikev2d.core.coverage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one RFC demands, section by section.
 *
 * @param rfc its number
 */
record RequirementList(String rfc, List<Section> sections) {
    private static final Pattern SECTION = Pattern.compile("== (\\d[\\d.]*) (.+)");
    private static final Pattern ROW = Pattern.compile("(\\d{4}-\\d[\\d.]*-[a-z]+)"
            + " (MUST NOT|MUST|SHOULD NOT|SHOULD|RECOMMENDED|NOT RECOMMENDED)"
            + " (initiator|responder|sender|receiver|both|document): (.+)");
    private static final String NOT_HELD = "not held: ";

    RequirementList {
        sections = List.copyOf(sections);
    }

    /** @param number of the section */
    record Section(String number, String title, List<Requirement> requirements) {
        Section {
            requirements = List.copyOf(requirements);
        }
    }

    List<Requirement> all() {
        return sections.stream()
                .flatMap(section -> section.requirements().stream())
                .toList();
    }

    /**
     * Reads the form that the first lines of {@code rfc7296.requirements} describe.
     *
     * @throws IllegalArgumentException that names the line
     */
    static RequirementList parse(String rfc, String text) {
        List<Section> sections = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Line line : joined(text)) {
            Matcher section = SECTION.matcher(line.text());
            if (section.matches()) {
                sections.add(new Section(section.group(1), section.group(2), List.of()));
                continue;
            }
            Requirement row = row(line);
            if (sections.isEmpty()
                    || !row.id().startsWith(rfc + "-")
                    || !row.section().equals(sections.get(sections.size() - 1).number())) {
                throw line.bad("is not in its section");
            }
            if (!ids.add(row.id())) {
                throw line.bad("has an ID that another has too");
            }
            Section last = sections.remove(sections.size() - 1);
            List<Requirement> rows = new ArrayList<>(last.requirements());
            rows.add(row);
            sections.add(new Section(last.number(), last.title(), rows));
        }
        return new RequirementList(rfc, sections);
    }

    /** @param number of its first line in the file */
    private record Line(int number, String text) {
        IllegalArgumentException bad(String why) {
            return new IllegalArgumentException("line " + number + " " + why + ": " + text);
        }
    }

    /** Without comments and empty lines, each with the indented ones behind it. */
    private static List<Line> joined(String text) {
        List<Line> lines = new ArrayList<>();
        String[] all = text.split("\n", -1);
        for (int i = 0; i < all.length; i++) {
            if (all[i].isBlank() || all[i].startsWith("#")) {
                continue;
            }
            if (all[i].startsWith(" ") && !lines.isEmpty()) {
                Line before = lines.remove(lines.size() - 1);
                lines.add(new Line(before.number(), before.text() + " " + all[i].strip()));
            } else {
                lines.add(new Line(i + 1, all[i]));
            }
        }
        return lines;
    }

    private static Requirement row(Line line) {
        Matcher row = ROW.matcher(line.text());
        if (!row.matches()) {
            throw line.bad("is no requirement");
        }
        String[] parts = row.group(4).split(" " + NOT_HELD, 2);
        return new Requirement(
                row.group(1),
                row.group(2),
                row.group(3),
                parts[0],
                parts.length == 2 ? Optional.of(parts[1]) : Optional.empty());
    }
}
