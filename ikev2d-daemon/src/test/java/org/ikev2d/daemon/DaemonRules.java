package org.ikev2d.daemon;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysFalse;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Set;
import java.util.regex.Pattern;

/** What the daemon's code must keep to, as rules over the packages below a root: so they can be seen to fail elsewhere. */
final class DaemonRules {
    private static final Pattern VAGUE_NAME = Pattern.compile(".*(Impl|Manager|Helper|Utils?)");

    private final String root;

    DaemonRules(String root) {
        this.root = root;
    }

    private DescribedPredicate<JavaClass> in(String... packages) {
        DescribedPredicate<JavaClass> in = alwaysFalse();
        for (String each : packages) {
            in = in.or(resideInAPackage(root + "." + each + ".."));
        }
        return in;
    }

    /** The outermost class is in the root and called one of {@code names}. */
    private DescribedPredicate<JavaClass> called(String... names) {
        Set<String> set = Set.of(names);
        return describe("called " + set, type -> {
            String name = type.getName();
            return name.startsWith(root + ".")
                    && set.contains(name.substring(root.length() + 1).replaceAll("\\$.*", ""));
        });
    }

    /** The root puts the parts together; the parts know each other as little as they can. */
    ArchRule partsKnowOnlyTheirNeighbours() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .optionalLayer("root")
                .definedBy(root)
                .optionalLayer("cli")
                .definedBy(root + ".cli..")
                .optionalLayer("config")
                .definedBy(root + ".config..")
                .optionalLayer("control")
                .definedBy(root + ".control..")
                .optionalLayer("doctor")
                .definedBy(root + ".doctor..")
                .optionalLayer("loop")
                .definedBy(root + ".loop..")
                .optionalLayer("net")
                .definedBy(root + ".net..")
                .optionalLayer("observe")
                .definedBy(root + ".observe..")
                .optionalLayer("trust")
                .definedBy(root + ".trust..")
                .whereLayer("root")
                .mayOnlyAccessLayers("config", "control", "loop", "net", "observe", "trust")
                .whereLayer("cli")
                .mayOnlyAccessLayers("config", "control", "doctor")
                .whereLayer("doctor")
                .mayNotAccessAnyLayer()
                .whereLayer("loop")
                .mayOnlyAccessLayers("net", "observe")
                .whereLayer("net")
                .mayOnlyAccessLayers("observe")
                .whereLayer("config")
                .mayOnlyAccessLayers("trust")
                .whereLayer("trust")
                .mayNotAccessAnyLayer()
                .whereLayer("control")
                .mayNotAccessAnyLayer()
                .whereLayer("observe")
                .mayNotAccessAnyLayer();
    }

    ArchRule everyClassIsInAPart() {
        Set<String> parts = Set.of("", ".cli", ".config", ".control", ".doctor", ".loop", ".net", ".observe", ".trust");
        return classes().should(new ArchCondition<>("be in a part") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean known = parts.contains(type.getPackageName().substring(root.length()));
                events.add(new SimpleConditionEvent(type, known, type.getName() + " is in no part"));
            }
        });
    }

    /** UDP, and the control socket: the JDK's does not tell the peer's process id. */
    ArchRule nettyIsForSockets() {
        return noClasses().that(not(in("net", "control"))).should().dependOnClassesThat(resideInAPackage("io.netty.."));
    }

    /** The root alone knows that the kernel is Linux, and the doctor, who looks at such machines. */
    ArchRule linuxIsTheRootsAffair() {
        return noClasses()
                .that(not(resideInAPackage(root)))
                .and(not(in("doctor")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.ikev2d.xfrm..", "jnr.."));
    }

    ArchRule tomlIsReadInOnePlace() {
        return noClasses().that(not(in("config"))).should().dependOnClassesThat(resideInAPackage("org.tomlj.."));
    }

    ArchRule jsonIsForTheControlSocketAndTheRecord() {
        return noClasses()
                .that(not(in("config", "control", "cli")))
                .should()
                .dependOnClassesThat(resideInAPackage("com.grack.nanojson.."));
    }

    /** What is on disk is the configuration, its secrets and its record; the control socket; the lock; and the machine. */
    ArchRule filesAreForConfigAndTheControlSocket() {
        return noClasses()
                .that(not(in("config", "control", "doctor")))
                .and(not(called("RunLock")))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        Files.class,
                        FileChannel.class,
                        java.io.File.class,
                        java.io.FileInputStream.class,
                        java.io.FileOutputStream.class);
    }

    ArchRule loggingIsInOnePlace() {
        return noClasses()
                .that(not(in("observe")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.slf4j..", "ch.qos.logback..", "java.util.logging.."));
    }

    ArchRule standardStreamsAreForPrograms() {
        return noClasses()
                .that(not(in("cli")))
                .and(not(called("Main")))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in");
    }

    /** Keys go from the configuration to the engine; whoever shows or answers something never has one in its hands. */
    ArchRule secretsAreNotShown() {
        return noClasses()
                .that(in("cli", "control", "doctor", "observe", "net"))
                .should()
                .dependOnClassesThat(resideInAPackage("org.ikev2d.core.crypto.."));
    }

    ArchRule namesSayWhatThingsAre() {
        return noClasses().should(new ArchCondition<>("be called Impl, Manager, Helper or Util") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean vague = VAGUE_NAME.matcher(type.getSimpleName()).matches();
                events.add(new SimpleConditionEvent(type, vague, type.getName() + " is vague"));
            }
        });
    }

    ArchRule classesAreFinalUnlessMeantToBeExtended() {
        return classes()
                .that()
                .areTopLevelClasses()
                .and()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .should()
                .haveModifier(JavaModifier.FINAL);
    }
}
