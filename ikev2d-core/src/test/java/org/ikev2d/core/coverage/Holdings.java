package org.ikev2d.core.coverage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which tests hold which requirements, as their sources say: those of all modules, without their class paths.
 *
 * @param tests {@code Class.method}, by the IDs that they name
 */
record Holdings(Map<String, List<String>> tests) {
    /** The annotation with its IDs, what may stand between, and the method that it is on. */
    private static final Pattern HOLDS =
            Pattern.compile("@Holds\\(\\s*\\{?([^)}]*)}?\\s*\\)(?s:.*?)\\bvoid\\s+(\\w+)\\s*\\(");

    private static final Pattern ID = Pattern.compile("\"([^\"]*)\"");

    Holdings {
        tests = Map.copyOf(tests);
    }

    /** Of every module's tests below {@code root}. */
    static Holdings below(Path root) throws IOException {
        Map<String, List<String>> tests = new TreeMap<>();
        for (Path file : sources(root)) {
            String name = file.getFileName().toString();
            String type = name.substring(0, name.length() - ".java".length());
            collect(type, Files.readString(file), tests);
        }
        return new Holdings(tests);
    }

    private static List<Path> sources(Path root) throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .sorted()
                            .forEach(sources::add);
                }
            }
        }
        return sources;
    }

    static void collect(String type, String source, Map<String, List<String>> into) {
        for (MatchResult holds : HOLDS.matcher(source).results().toList()) {
            String test = type + "." + holds.group(2);
            ID.matcher(holds.group(1))
                    .results()
                    .map(id -> id.group(1))
                    .forEach(id ->
                            into.computeIfAbsent(id, key -> new ArrayList<>()).add(test));
        }
    }

    List<String> of(Requirement requirement) {
        return tests.getOrDefault(requirement.id(), List.of());
    }
}
