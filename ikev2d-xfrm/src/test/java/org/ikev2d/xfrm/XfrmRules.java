package org.ikev2d.xfrm;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;

/** What this module's code must keep to, as rules over the packages below a root: so they can be seen to fail elsewhere. */
final class XfrmRules {
    private final String root;

    XfrmRules(String root) {
        this.root = root;
    }

    ArchRule storeysUseOnlyThoseBelow() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("netlink")
                .definedBy(root + ".netlink..")
                .optionalLayer("codec")
                .definedBy(root + ".codec..")
                .optionalLayer("esp")
                .definedBy(root + ".esp..")
                .optionalLayer("ethtool")
                .definedBy(root + ".ethtool..")
                .optionalLayer("generic")
                .definedBy(root + ".generic..")
                .optionalLayer("packet")
                .definedBy(root + ".packet..")
                .optionalLayer("route")
                .definedBy(root + ".route..")
                .optionalLayer("socket")
                .definedBy(root + ".socket..")
                .optionalLayer("steering")
                .definedBy(root + ".steering..")
                .optionalLayer("system")
                .definedBy(root + ".system..")
                .optionalLayer("userspace")
                .definedBy(root + ".userspace..")
                .optionalLayer("root")
                .definedBy(root)
                .whereLayer("netlink")
                .mayNotAccessAnyLayer()
                .whereLayer("codec")
                .mayOnlyAccessLayers("netlink")
                .whereLayer("esp")
                .mayNotAccessAnyLayer()
                .whereLayer("ethtool")
                .mayOnlyAccessLayers("netlink")
                .whereLayer("generic")
                .mayOnlyAccessLayers("netlink")
                .whereLayer("packet")
                .mayNotAccessAnyLayer()
                .whereLayer("route")
                .mayOnlyAccessLayers("netlink")
                .whereLayer("socket")
                .mayOnlyAccessLayers("netlink", "ethtool")
                .whereLayer("steering")
                .mayOnlyAccessLayers("netlink", "ethtool")
                .whereLayer("system")
                .mayOnlyAccessLayers("socket")
                .whereLayer("userspace")
                .mayOnlyAccessLayers("netlink", "route", "socket", "esp", "packet");
    }

    ArchRule nativeCallsAreInOnePlace() {
        return noClasses()
                .that(not(resideInAPackage(root + ".socket..")))
                .should()
                .dependOnClassesThat(resideInAPackage("jnr.."));
    }

    ArchRule cipheringIsInOnePlace() {
        return noClasses()
                .that(not(resideInAPackage(root + ".esp..")))
                .should()
                .dependOnClassesThat(resideInAPackage("javax.crypto.."));
    }

    /** No logging, no Netty, no other library. */
    ArchRule onlyTheCoresPortAndItsValuesAreUsed() {
        return noClasses()
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                                root + "..",
                                "org.ikev2d.core.kernel",
                                "org.ikev2d.core.bytes",
                                "org.ikev2d.core.net",
                                "org.ikev2d.core.wire",
                                "org.ikev2d.core.crypto",
                                "org.ikev2d.core.registry",
                                "java..",
                                "javax.crypto..",
                                "jnr.ffi.."))
                        .or(resideInAPackage("java.util.logging..")));
    }

    ArchRule octetsAreReadAndWrittenWithoutInputAndOutput() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        root + ".netlink..",
                        root + ".codec..",
                        root + ".ethtool..",
                        root + ".generic..",
                        root + ".packet..",
                        root + ".route..",
                        root + ".esp..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "java.nio.channels..")
                                .or(equivalentTo(Thread.class)));
    }

    ArchRule nobodySpeaksToTheTerminal() {
        return noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");
    }

    ArchRule namesSayWhatThingsAre() {
        return noClasses().should().haveNameMatching(".*(Impl|Manager|Helper|Utils?)");
    }

    ArchRule classesAreFinal() {
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
