package org.ikev2d.core.coverage;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code docs/rfc-coverage.md}: a table row for each requirement, with the tests that hold it. */
final class CoverageDocument {
    private static final String HEAD = """
            # What the RFCs demand, and which test holds it

            Every MUST and SHOULD of sections 1 to 3 of RFC 7296, and of RFC 4555, RFC 7383, RFC 9242 and RFC 9611, in our words.
            *Not held* means that no test shows it, for the reason given: mostly that it belongs to what is left out on purpose, or
            not there yet.

            This file is made from the lists in `ikev2d-core/src/test/resources/rfc` and from the tests' `@Holds`. The build
            fails where it is not what they say; write it anew with

                mvn -pl ikev2d-core test -Dtest=RfcCoverageTest -Dikev2d.coverage=write

            """;

    private final Holdings holdings;
    private final StringBuilder out = new StringBuilder(HEAD);

    private CoverageDocument(Holdings holdings) {
        this.holdings = holdings;
    }

    static String of(List<RequirementList> lists, Holdings holdings) {
        CoverageDocument document = new CoverageDocument(holdings);
        document.summary(lists);
        lists.forEach(document::rfc);
        return document.out.toString();
    }

    private void summary(List<RequirementList> lists) {
        line("| | MUST: held | not held | SHOULD: held | not held |");
        line("| --- | --- | --- | --- | --- |");
        for (RequirementList list : lists) {
            line("| RFC " + list.rfc() + " | " + count(list, Requirement::isMust) + " | "
                    + count(list, row -> !row.isMust()) + " |");
        }
    }

    private String count(RequirementList list, Predicate<Requirement> which) {
        long held = list.all().stream().filter(which).filter(this::isHeld).count();
        long all = list.all().stream().filter(which).count();
        return held + " | " + (all - held);
    }

    private boolean isHeld(Requirement row) {
        return !holdings.of(row).isEmpty();
    }

    private void rfc(RequirementList list) {
        line("");
        line("## RFC " + list.rfc());
        for (RequirementList.Section section : list.sections()) {
            line("");
            line("### " + section.number() + " " + section.title());
            line("");
            line("| ID | who | level | what | held by |");
            line("| --- | --- | --- | --- | --- |");
            section.requirements().forEach(this::row);
        }
    }

    private void row(Requirement row) {
        String tests = isHeld(row)
                ? holdings.of(row).stream().map(test -> "`" + test + "`").collect(Collectors.joining("<br>"))
                : "*not held:* " + row.notHeld().orElse("");
        String who = row.who().equals("both") ? "both ends" : row.who();
        line("| " + row.id() + " | " + who + " | " + row.level() + " | " + row.text() + " | " + tests + " |");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
