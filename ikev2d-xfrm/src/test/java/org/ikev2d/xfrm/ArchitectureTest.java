package org.ikev2d.xfrm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Each rule holds for this module, and is seen to fail on violations planted for it. */
class ArchitectureTest {
    private static final String XFRM = "org.ikev2d.xfrm";
    private static final String PLANTED = "org.ikev2d.planted";
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(XFRM);
    private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(PLANTED);

    private static void check(Function<XfrmRules, ArchRule> rule, String... culprits) {
        assertThatExceptionOfType(AssertionError.class)
                .as("the planted violations")
                .isThrownBy(() -> rule.apply(new XfrmRules(PLANTED)).check(VIOLATIONS))
                .satisfies(failed -> assertThat(failed.getMessage()).contains(culprits));
        rule.apply(new XfrmRules(XFRM)).check(OURS);
    }

    @Test
    void storeysUseOnlyThoseBelow() {
        check(XfrmRules::storeysUseOnlyThoseBelow, "netlink.UsesCodec");
    }

    @Test
    void nativeCallsAreInOnePlace() {
        check(XfrmRules::nativeCallsAreInOnePlace, "jnr.ffi.Pointer");
    }

    @Test
    void cipheringIsInOnePlace() {
        check(XfrmRules::cipheringIsInOnePlace, "javax.crypto.Mac");
    }

    @Test
    void onlyTheCoresPortAndItsValuesAreUsed() {
        check(XfrmRules::onlyTheCoresPortAndItsValuesAreUsed, "java.util.logging.Logger", "core.policy.QueuePolicy");
    }

    @Test
    void octetsAreReadAndWrittenWithoutInputAndOutput() {
        check(XfrmRules::octetsAreReadAndWrittenWithoutInputAndOutput, "java.nio.file.Files");
    }

    @Test
    void nobodySpeaksToTheTerminal() {
        check(XfrmRules::nobodySpeaksToTheTerminal, "Chatty");
    }

    @Test
    void namesSayWhatThingsAre() {
        check(XfrmRules::namesSayWhatThingsAre, "MessageHelper");
    }

    @Test
    void classesAreFinal() {
        check(XfrmRules::classesAreFinal, "MessageHelper");
    }
}
