package org.ikev2d.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each rule holds for the core, and is seen to fail on violations planted for it. */
class ArchitectureTest {
    private static final String CORE = "org.ikev2d.core";
    private static final String PLANTED = "org.ikev2d.planted";
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(CORE);
    private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(PLANTED);

    private static void check(Function<CoreRules, ArchRule> rule, String... culprits) {
        assertThatExceptionOfType(AssertionError.class)
                .as("the planted violations")
                .isThrownBy(() -> rule.apply(new CoreRules(PLANTED)).check(VIOLATIONS))
                .satisfies(failed -> assertThat(failed.getMessage()).contains(culprits));
        rule.apply(new CoreRules(CORE)).check(OURS);
    }

    @Test
    void everyClassIsOnAStorey() {
        check(CoreRules::everyClassIsOnAStorey, "planted.Homeless is on no storey");
    }

    @Test
    void storeysUseOnlyThoseBelow() {
        check(CoreRules::storeysUseOnlyThoseBelow, "bytes.UsesWire", "sa.UsesEngine");
    }

    @Test
    void storeysAreFreeOfCycles() {
        check(CoreRules::storeysAreFreeOfCycles, "Cycle detected", "Slice engine", "Slice sa");
    }

    @Test
    void nothingForeignIsUsed() {
        check(CoreRules::nothingForeignIsUsed, "java.nio.file.Path", "java.util.concurrent.ConcurrentHashMap");
    }

    @Test
    void timeAndSurroundingsAreNotAsked() {
        check(
                CoreRules::timeAndSurroundingsAreNotAsked,
                "System.nanoTime()",
                "Instant.now()",
                "System.out",
                "java.lang.Thread");
    }

    @Test
    void randomnessAndCiphersAreInOnePlace() {
        check(CoreRules::randomnessAndCiphersAreInOnePlace, "java.util.Random", "javax.crypto.Cipher", "Math.random()");
    }

    @Test
    void valuesHoldNoSecret() {
        check(CoreRules::valuesHoldNoSecret, "wire.HoldsSecret");
    }

    @Test
    void secretsDoNotHandOutTheirOctets() {
        check(CoreRules::secretsDoNotHandOutTheirOctets, "Secret.octets() returns octets");
    }

    @Test
    void membersOfSealedInterfacesAreRecords() {
        check(CoreRules::membersOfSealedInterfacesAreRecords, "UsesWire$Loose is no record");
    }

    @Test
    void namesSayWhatThingsAre() {
        check(CoreRules::namesSayWhatThingsAre, "OctetHelper is vague", "StateManager is vague");
    }

    @Test
    void classesAreFinalUnlessMeantToBeExtended() {
        check(CoreRules::classesAreFinalUnlessMeantToBeExtended, "StateManager");
    }

    @Test
    void noSourceCitesWhatIsObsoleteOrInAnotherForm() throws IOException {
        assertThat(Citations.faults(
                        "planted", "fine (RFC 7296 §2.5)\nbad (RFC " + 5996 + " §2.5)\nRFC 7296 " + "section 2"))
                .hasSize(2);
        List<String> faults = new ArrayList<>();
        Path sources = Path.of(System.getProperty("ikev2d.root"), "ikev2d-core", "src");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                faults.addAll(Citations.faults(sources.relativize(file).toString(), Files.readString(file)));
            }
        }
        assertThat(faults).isEmpty();
    }
}
