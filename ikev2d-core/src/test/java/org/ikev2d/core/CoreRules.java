package org.ikev2d.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the core's code must keep to, as rules over the packages below a root: so they can be seen to fail elsewhere. */
final class CoreRules {
    /** What the world outside sees of the engine: values, which the storeys below it use too. */
    private static final Set<String> ENGINE_PORT =
            Set.of("Engine", "Input", "Output", "Step", "Event", "MonoTime", "TunnelStatus");

    private static final String PORT = "engine's port";

    private static final Pattern VAGUE_NAME = Pattern.compile(".*(Impl|Manager|Helper|Utils?)");

    private final String root;

    CoreRules(String root) {
        this.root = root;
    }

    /** Storeys, lowest first, each with those that it may use. */
    private static Map<String, List<String>> storeys() {
        Map<String, List<String>> uses = new LinkedHashMap<>();
        uses.put("bytes", List.of());
        uses.put("net", List.of("bytes"));
        uses.put("registry", List.of("bytes"));
        uses.put("wire", List.of("bytes", "net", "registry"));
        uses.put("crypto", List.of("bytes", "registry", "wire"));
        uses.put("crypto.jca", List.of("bytes", "registry", "crypto"));
        uses.put("protect", List.of("bytes", "registry", "wire", "crypto"));
        uses.put("auth", List.of("bytes", "registry", "wire", "crypto"));
        uses.put("kernel", List.of("bytes", "net", "registry", "wire", "crypto"));
        uses.put("policy", List.of("bytes", "net", "registry", "wire", "crypto", "auth", "kernel"));
        uses.put(PORT, List.of("bytes", "net", "registry", "wire", "crypto", "auth", "kernel", "policy"));
        List<String> below =
                List.of("bytes", "net", "registry", "wire", "crypto", "protect", "auth", "kernel", PORT, "policy");
        uses.put("exchange", below);
        uses.put("sa", with(below, "exchange"));
        uses.put("tunnel", with(with(below, "exchange"), "sa"));
        uses.put("engine", with(with(with(below, "exchange"), "sa"), "tunnel"));
        return uses;
    }

    private static List<String> with(List<String> storeys, String another) {
        return Stream.concat(storeys.stream(), Stream.of(another)).toList();
    }

    /** Which storey a class is on; its package below the root where it is on none. */
    private String storey(JavaClass arrayOrNot) {
        JavaClass type = arrayOrNot.getBaseComponentType();
        String name = type.getPackageName();
        String below = name.equals(root) ? "" : name.substring(root.length() + 1);
        String outermost = type.getName().substring(name.length() + 1).replaceAll("\\$.*", "");
        return below.equals("engine") && ENGINE_PORT.contains(outermost) ? PORT : below;
    }

    private DescribedPredicate<JavaClass> on(String storey) {
        return describe("on " + storey, type -> isOurs(type) && storey(type).equals(storey));
    }

    private boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
    }

    /** A package that the table does not know may not be. */
    ArchRule everyClassIsOnAStorey() {
        return classes().should(new ArchCondition<>("be on a storey") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean known = storeys().containsKey(storey(type));
                events.add(new SimpleConditionEvent(type, known, type.getName() + " is on no storey"));
            }
        });
    }

    ArchRule storeysUseOnlyThoseBelow() {
        LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String storey : storeys().keySet()) {
            layers = layers.optionalLayer(storey).definedBy(on(storey));
        }
        for (Map.Entry<String, List<String>> each : storeys().entrySet()) {
            layers = each.getValue().isEmpty()
                    ? layers.whereLayer(each.getKey()).mayNotAccessAnyLayer()
                    : layers.whereLayer(each.getKey())
                            .mayOnlyAccessLayers(each.getValue().toArray(new String[0]));
        }
        return layers;
    }

    ArchRule storeysAreFreeOfCycles() {
        return slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return isOurs(type) ? SliceIdentifier.of(storey(type)) : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "storeys";
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    /** No input or output, no threads, no logging, no library. */
    ArchRule nothingForeignIsUsed() {
        return noClasses()
                .that(not(resideInAPackage(root + ".crypto.jca..")))
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                                root + "..",
                                "java.lang",
                                "java.lang.annotation",
                                "java.lang.invoke",
                                "java.lang.runtime",
                                "java.util",
                                "java.util.function",
                                "java.util.stream",
                                "java.util.regex",
                                "java.math"))
                        .and(not(belongToAnyOf(
                                java.time.Duration.class,
                                javax.security.auth.x500.X500Principal.class,
                                java.security.MessageDigest.class,
                                java.nio.charset.StandardCharsets.class,
                                java.nio.charset.Charset.class,
                                java.nio.charset.CharacterCodingException.class)))
                        .and(not(describe("primitive or array of them", JavaClass::isPrimitive)))
                        .and(not(describe("array", JavaClass::isArray))))
                .because("the core is a function of time and input");
    }

    ArchRule timeAndSurroundingsAreNotAsked() {
        DescribedPredicate<JavaClass> asked = belongToAnyOf(
                Thread.class,
                ThreadLocal.class,
                Runtime.class,
                Process.class,
                ProcessBuilder.class,
                java.util.Timer.class);
        return noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .orShould()
                .callMethod(System.class, "getProperty", String.class)
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(java.net.InetAddress.class, "getByName", String.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .accessField(System.class, "in")
                .orShould()
                .dependOnClassesThat(asked);
    }

    ArchRule randomnessAndCiphersAreInOnePlace() {
        return noClasses()
                .that(not(resideInAPackage(root + ".crypto.jca..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("javax.crypto..", "org.bouncycastle..")
                        .or(belongToAnyOf(
                                java.security.SecureRandom.class,
                                java.util.Random.class,
                                java.util.SplittableRandom.class,
                                java.util.UUID.class,
                                java.util.concurrent.ThreadLocalRandom.class)))
                .orShould()
                .callMethod(Math.class, "random");
    }

    /** What is decoded, printed and compared holds no key. */
    ArchRule valuesHoldNoSecret() {
        return noClasses()
                .that(resideInAnyPackage(root + ".wire..", root + ".registry..", root + ".bytes..", root + ".engine.."))
                .and(describe("are records", type -> type.isRecord()))
                .should()
                .dependOnClassesThat(describe(
                        "hold a secret",
                        type -> isOurs(type)
                                && Set.of("Secret", "EspKeys", "IkeKeys").contains(type.getSimpleName())));
    }

    ArchRule secretsDoNotHandOutTheirOctets() {
        return classes()
                .that(describe("are Secret", type -> type.getSimpleName().equals("Secret")))
                .should(new ArchCondition<>("have no public method that returns an array") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getMethods().stream()
                                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                                .forEach(method -> events.add(new SimpleConditionEvent(
                                        method,
                                        !method.getRawReturnType().isEquivalentTo(byte[].class),
                                        method.getFullName() + " returns octets")));
                    }
                });
    }

    ArchRule membersOfSealedInterfacesAreRecords() {
        return classes()
                .that(describe(
                        "are sealed interfaces",
                        type -> type.isInterface() && type.reflect().isSealed()))
                .should(new ArchCondition<>("have only records and enums as members") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        Arrays.stream(type.reflect().getPermittedSubclasses())
                                .forEach(member -> events.add(new SimpleConditionEvent(
                                        type,
                                        member.isRecord() || member.isEnum() || member.isInterface(),
                                        member.getName() + " is no record")));
                    }
                });
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
                .and(describe("are not abstract", type -> !type.getModifiers().contains(JavaModifier.ABSTRACT)))
                .and()
                .areNotEnums()
                .should()
                .haveModifier(JavaModifier.FINAL);
    }
}
