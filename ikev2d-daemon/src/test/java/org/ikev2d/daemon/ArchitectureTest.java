package org.ikev2d.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each rule holds for the daemon, and is seen to fail on violations planted for it. */
class ArchitectureTest {
    private static final String DAEMON = "org.ikev2d.daemon";
    private static final String PLANTED = "org.ikev2d.misplaced";
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(DAEMON);
    private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(PLANTED);

    private static void check(Function<DaemonRules, ArchRule> rule, String... culprits) {
        assertThatExceptionOfType(AssertionError.class)
                .as("the planted violations")
                .isThrownBy(() -> rule.apply(new DaemonRules(PLANTED)).check(VIOLATIONS))
                .satisfies(failed -> assertThat(failed.getMessage()).contains(culprits));
        rule.apply(new DaemonRules(DAEMON)).check(OURS);
    }

    @Test
    void partsKnowOnlyTheirNeighbours() {
        check(DaemonRules::partsKnowOnlyTheirNeighbours, "control.AsksTheLoop", "loop.PacketHelper");
    }

    @Test
    void everyClassIsInAPart() {
        check(DaemonRules::everyClassIsInAPart, "elsewhere.Stray is in no part");
    }

    @Test
    void nettyIsForSockets() {
        check(DaemonRules::nettyIsForSockets, "loop.PacketHelper", "io.netty.buffer.ByteBuf");
    }

    @Test
    void linuxIsTheRootsAffair() {
        check(DaemonRules::linuxIsTheRootsAffair, "loop.PacketHelper", "org.ikev2d.xfrm.XfrmKernel");
    }

    @Test
    void tomlIsReadInOnePlace() {
        check(DaemonRules::tomlIsReadInOnePlace, "elsewhere.Stray", "org.tomlj.Toml");
    }

    @Test
    void jsonIsForTheControlSocketAndTheRecord() {
        check(DaemonRules::jsonIsForTheControlSocketAndTheRecord, "elsewhere.Stray", "com.grack.nanojson.JsonWriter");
    }

    @Test
    void filesAreForConfigAndTheControlSocket() {
        check(DaemonRules::filesAreForConfigAndTheControlSocket, "loop.PacketHelper", "java.nio.file.Files");
    }

    @Test
    void loggingIsInOnePlace() {
        check(DaemonRules::loggingIsInOnePlace, "control.AsksTheLoop", "org.slf4j.Logger");
    }

    @Test
    void standardStreamsAreForPrograms() {
        check(DaemonRules::standardStreamsAreForPrograms, "control.AsksTheLoop", "java.lang.System.err");
    }

    @Test
    void secretsAreNotShown() {
        check(DaemonRules::secretsAreNotShown, "control.AsksTheLoop", "org.ikev2d.core.crypto.Secret");
    }

    @Test
    void namesSayWhatThingsAre() {
        check(DaemonRules::namesSayWhatThingsAre, "loop.PacketHelper is vague");
    }

    @Test
    void classesAreFinalUnlessMeantToBeExtended() {
        check(DaemonRules::classesAreFinalUnlessMeantToBeExtended, "elsewhere.Stray");
    }
}
