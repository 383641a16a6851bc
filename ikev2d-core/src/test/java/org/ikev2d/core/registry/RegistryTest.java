package org.ikev2d.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ikev2d.core.coverage.Holds;
import org.ikev2d.core.vectors.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each table against a snapshot of IANA's, written from the RFCs: {@code src-test-vectors/iana}. */
final class RegistryTest {
    private static final Pattern REFERENCE = Pattern.compile("(RFC \\d{4}|draft-[a-z0-9-]+) §\\d+(\\.\\d+)*");

    /**
     * A line of a snapshot.
     *
     * @param row the name of our row, empty for one that we do not have
     */
    private record Line(int code, String name, List<String> rfcs, String row) {
        static Line parse(String text) {
            String[] fields = text.split(",", -1);
            return new Line(Integer.parseInt(fields[0]), fields[1], List.of(fields[2].split("(?<=\\d) ")), fields[3]);
        }
    }

    static Stream<Class<?>> tables() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.ikev2d.core.registry")
                        .stream()
                        .filter(type -> type.isEnum() && type.isAssignableTo(CodePoint.class))
                        .map(JavaClass::reflect);
    }

    @Test
    void everySnapshotHasItsTable() {
        assertThat(Vectors.files(Vectors.own("iana"), ".csv"))
                .extracting(file -> file.getFileName().toString().replace(".csv", ""))
                .containsExactlyInAnyOrderElementsOf(
                        tables().map(Class::getSimpleName).toList());
    }

    @ParameterizedTest
    @MethodSource("tables")
    void rowsAreThoseOfIana(Class<?> table) throws IOException {
        List<Line> lines = snapshot(table);
        List<String> unseen = new ArrayList<>(
                Stream.of(table.getEnumConstants()).map(Object::toString).toList());
        for (Line line : lines) {
            Optional<CodePoint> row = rows(table).stream()
                    .filter(candidate -> candidate.code() == line.code())
                    .findFirst();
            assertThat(row.map(Object::toString).orElse(""))
                    .as("%d %s", line.code(), line.name())
                    .isEqualTo(line.row());
            row.ifPresent(ours -> assertThat(line.rfcs())
                    .contains(ours.reference().substring(0, ours.reference().indexOf(" §"))));
            unseen.remove(line.row());
        }
        assertThat(unseen).as("rows that the snapshot does not name").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void snapshotIsInOrderWithoutRepetition(Class<?> table) throws IOException {
        assertThat(snapshot(table))
                .extracting(Line::code)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Holds("7296-3.14-b")
    @ParameterizedTest
    @MethodSource("tables")
    void everyReferenceNamesASection(Class<?> table) {
        assertThat(rows(table))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.reference()).matches(REFERENCE));
    }

    @Test
    void rowIsFoundByItsNumber() {
        assertThat(NotifyType.of(16444)).contains(NotifyType.SA_RESOURCE_INFO);
        assertThat(NotifyType.of(16443)).isEmpty();
        assertThat(PayloadType.of(-1)).isEmpty();
    }

    @Test
    void errorTypesAreThoseBelow16384_rfc7296_3_10_1() {
        assertThat(NotifyType.TS_MAX_QUEUE.isError()).isTrue();
        assertThat(NotifyType.isError(16383)).isTrue();
        assertThat(NotifyType.isError(16384)).isFalse();
        assertThat(NotifyType.SA_RESOURCE_INFO.isError()).isFalse();
    }

    private enum Twins implements CodePoint {
        ONE,
        OTHER;

        @Override
        public int code() {
            return 7;
        }

        @Override
        public String reference() {
            return "RFC 7296 §1";
        }
    }

    @Test
    void twoRowsOfOneNumberAreRefused() {
        assertThatThrownBy(() -> CodePoint.index(Twins.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Twins has two rows for 7");
    }

    private static List<CodePoint> rows(Class<?> table) {
        return Stream.of(table.getEnumConstants()).map(CodePoint.class::cast).toList();
    }

    private static List<Line> snapshot(Class<?> table) throws IOException {
        Path file = Vectors.own("iana/" + table.getSimpleName() + ".csv");
        return Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .map(Line::parse)
                .toList();
    }

    /** The numbers that RFC 7296 §3.3.2 marks so: DES-IV64, 3IDEA, DES-IV32; Tiger; DES-MAC, KPDK. */
    @Holds("7296-3-a")
    @Test
    void whatIsUnspecifiedIsNotKnown_rfc7296_3() {
        for (int id : new int[] {1, 8, 9}) {
            assertThat(EncryptionAlgorithm.of(id)).isEmpty();
        }
        assertThat(Prf.of(3)).isEmpty();
        for (int id : new int[] {3, 4}) {
            assertThat(Integrity.of(id)).isEmpty();
        }
    }
}
