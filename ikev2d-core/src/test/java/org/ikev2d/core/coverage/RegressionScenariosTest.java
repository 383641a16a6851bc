package org.ikev2d.core.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each case of the other daemons' suites is held by what exists, or explained. */
final class RegressionScenariosTest {
    private static final Path ROOT = Path.of(System.getProperty("ikev2d.root"));
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| [^|]+ \\| [^|]+ \\| (?<held>[^|]+) \\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    private static List<String> faults(String document, Path root) throws IOException {
        List<String> faults = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (String line : document.lines().toList()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                numbers.add(Integer.valueOf(row.group(1)));
                faults.addAll(faultsOf(row.group(1), row.group("held"), root));
            }
        }
        List<Integer> wanted = IntStream.rangeClosed(1, 40).boxed().toList();
        if (!numbers.equals(wanted)) {
            faults.add("the rows are " + numbers + ", not 1 to 40");
        }
        return faults;
    }

    private static List<String> faultsOf(String number, String held, Path root) throws IOException {
        List<String> faults = new ArrayList<>();
        List<String> names =
                NAME.matcher(held).results().map(name -> name.group(1)).toList();
        if (names.isEmpty() && !held.startsWith("*not held:* ")) {
            faults.add(number + ": held by nothing and not explained");
        }
        for (String name : names) {
            if (!exists(name, root)) {
                faults.add(number + ": there is no " + name);
            }
        }
        return faults;
    }

    private static boolean exists(String name, Path root) throws IOException {
        if (name.startsWith("scripts/")) {
            return Files.isRegularFile(root.resolve(name));
        }
        String[] parts = name.split("\\.", 2);
        return parts.length == 2 && source(parts[0], root).contains("void " + parts[1] + "(");
    }

    /** The text of the test class {@code name} of any module; empty where there is none. */
    private static String source(String name, Path root) throws IOException {
        for (String module : List.of("ikev2d-core", "ikev2d-xfrm", "ikev2d-daemon")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/test/java"))) {
                Optional<Path> found =
                        files.filter(file -> file.endsWith(name + ".java")).findFirst();
                if (found.isPresent()) {
                    return Files.readString(found.get());
                }
            }
        }
        return "";
    }

    @Test
    void eachCaseIsHeldByWhatExistsOrExplained() throws IOException {
        assertThat(faults(Files.readString(ROOT.resolve("docs/regression-scenarios.md")), ROOT))
                .isEmpty();
    }

    @Test
    void whatIsMissingIsFound() throws IOException {
        String document = """
                | 1 | a | b | `RegressionScenariosTest.whatIsMissingIsFound` |
                | 2 | a | b | `RegressionScenariosTest.noSuchMethod` |
                | 3 | a | b | `scripts/lab/none` `scripts/test` |
                | 4 | a | b | nothing |
                | 6 | a | b | *not held:* why |
                """;
        assertThat(faults(document, ROOT))
                .containsExactly(
                        "2: there is no RegressionScenariosTest.noSuchMethod",
                        "3: there is no scripts/lab/none",
                        "4: held by nothing and not explained",
                        "the rows are [1, 2, 3, 4, 6], not 1 to 40");
    }
}
