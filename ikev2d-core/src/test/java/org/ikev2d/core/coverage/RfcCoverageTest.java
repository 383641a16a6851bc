package org.ikev2d.core.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every requirement is held by a test or explained, and the document says so. */
final class RfcCoverageTest {
    private static final Path ROOT = Path.of(System.getProperty("ikev2d.root"));
    private static final Path LISTS = ROOT.resolve("ikev2d-core/src/test/resources/rfc");
    private static final Path DOCUMENT = ROOT.resolve("docs/rfc-coverage.md");

    private static List<RequirementList> lists() throws IOException {
        List<RequirementList> lists = new ArrayList<>();
        for (String rfc : List.of("7296", "4555", "7383", "9242", "9611")) {
            lists.add(RequirementList.parse(rfc, Files.readString(LISTS.resolve("rfc" + rfc + ".requirements"))));
        }
        return lists;
    }

    /** What does not go together, each with what to do. */
    private static List<String> faults(List<RequirementList> lists, Holdings holdings) {
        List<String> faults = new ArrayList<>();
        Set<String> unknown = new HashSet<>(holdings.tests().keySet());
        for (RequirementList list : lists) {
            for (Requirement row : list.all()) {
                unknown.remove(row.id());
                boolean held = !holdings.of(row).isEmpty();
                if (held && row.notHeld().isPresent()) {
                    faults.add(row.id() + " is held by " + holdings.of(row) + ": take out its \"not held\"");
                } else if (!held && row.notHeld().isEmpty()) {
                    faults.add(row.id() + " is held by no test: write one, or say \"not held: \" and why");
                }
            }
        }
        unknown.forEach(
                id -> faults.add(id + ", which " + holdings.tests().get(id) + " names, is in no list of requirements"));
        return faults;
    }

    @Test
    void everyRequirementIsHeldOrExplained() throws IOException {
        assertThat(faults(lists(), Holdings.below(ROOT))).isEmpty();
    }

    @Test
    void documentIsWhatListsAndTestsSay() throws IOException {
        String wanted = CoverageDocument.of(lists(), Holdings.below(ROOT));
        if ("write".equals(System.getProperty("ikev2d.coverage"))) {
            Files.writeString(DOCUMENT, wanted);
        }
        String written = Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "";
        assertThat(written)
                .as("write it anew: mvn -pl ikev2d-core test -Dtest=RfcCoverageTest -Dikev2d.coverage=write")
                .isEqualTo(wanted);
    }

    // The parts, on samples.

    private static final String SAMPLE = """
            # A comment.

            == 2.1 Timers
            2222-2.1-a MUST NOT initiator: do this
                and that
            2222-2.1-b SHOULD both: do the other
                not held: we do
                not want to

            == 2.2 Numbers
            2222-2.2-a RECOMMENDED sender: count
            """;

    private static Holdings holdings(String... sources) {
        Map<String, List<String>> tests = new TreeMap<>();
        for (int i = 0; i < sources.length; i++) {
            Holdings.collect("T" + i, sources[i].replace("@H", "@Holds"), tests);
        }
        return new Holdings(tests);
    }

    @Test
    void annotationsOfAllFormsAreFound() {
        Holdings found = holdings("""
                @H("2222-2.1-a")
                @Test
                void first() {}

                @Test
                @H({
                    "2222-2.1-a", "2222-2.2-a"
                })
                void second(int value) throws IOException {}

                @Test
                void third() {}
                """, """
                @ParameterizedTest
                @H("2222-2.1-b") @ValueSource(ints = {1, 2})
                void other(int value) {}
                """);
        assertThat(found.tests())
                .isEqualTo(Map.of(
                        "2222-2.1-a", List.of("T0.first", "T0.second"),
                        "2222-2.2-a", List.of("T0.second"),
                        "2222-2.1-b", List.of("T1.other")));
    }

    @Test
    void whatIsNeitherHeldNorExplainedOrBothOrUnknownIsAFault() {
        List<RequirementList> lists = List.of(RequirementList.parse("2222", SAMPLE));
        assertThat(faults(lists, holdings("@H({\"2222-2.1-a\", \"2222-2.2-a\"}) void t() {}")))
                .isEmpty();
        assertThat(faults(lists, holdings("@H({\"2222-2.1-b\", \"2222-2.1-z\"}) void t() {}")))
                .containsExactly(
                        "2222-2.1-a is held by no test: write one, or say \"not held: \" and why",
                        "2222-2.1-b is held by [T0.t]: take out its \"not held\"",
                        "2222-2.2-a is held by no test: write one, or say \"not held: \" and why",
                        "2222-2.1-z, which [T0.t] names, is in no list of requirements");
    }

    @Test
    void documentHasARowForEachRequirement() {
        List<RequirementList> lists = List.of(RequirementList.parse("2222", SAMPLE));
        String document = CoverageDocument.of(
                lists, holdings("@H({\"2222-2.1-a\", \"2222-2.2-a\"}) void t() {}", "@H(\"2222-2.1-a\") void u() {}"));
        assertThat(document)
                .contains(
                        "| RFC 2222 | 1 | 0 | 1 | 1 |",
                        "## RFC 2222",
                        "### 2.1 Timers",
                        "| 2222-2.1-a | initiator | MUST NOT | do this and that | `T0.t`<br>`T1.u` |",
                        "| 2222-2.1-b | both ends | SHOULD | do the other | *not held:* we do not want to |",
                        "| 2222-2.2-a | sender | RECOMMENDED | count | `T0.t` |");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2222-2.1-a MUST both: do this",
                "== 2.2 Numbers\n2222-2.1-a MUST both: do this",
                "== 2.1 Timers\n3333-2.1-a MUST both: do this",
                "== 2.1 Timers\n2222-2.1-a MUST both: do this\n2222-2.1-a MUST both: do that",
                "== 2.1 Timers\n2222-2.1-a MAY both: do this",
                "== 2.1 Timers\n2222-2.1-a MUST somebody: do this",
                "== 2.1 Timers\n2222-2.1-a MUST both do this",
                "== Timers"
            })
    void whatIsNoListIsRefusedWithItsLine(String text) {
        int last = text.split("\n").length;
        assertThatThrownBy(() -> RequirementList.parse("2222", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line " + last + " ");
    }
}
