package net.voltlane.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * The dependencies that each package may have: {@code server} on all others, {@code edge} and {@code uplink} on
 * {@code session} ({@code edge} also on {@code guard}), {@code session} on {@code link}, and so on down to
 * {@code protocol}, never back. The libraries that each may use are named as well, so that none creeps in where it has no
 * place.
 */
@AnalyzeClasses(packages = "net.voltlane.server", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String ROOT = "net.voltlane.server";

    private ArchitectureTest() {}

    private static ArchRule only(String name, String... mayUse) {
        List<String> all = new ArrayList<>(List.of(mayUse));
        all.addAll(List.of(ROOT + "." + name, "java..", "org.jspecify.annotations"));
        return classes()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(all.toArray(String[]::new)))
                .as(name + " should only know " + all);
    }

    @ArchTest
    static final ArchRule METRICS = only("metrics", "net.voltlane.protocol");

    @ArchTest
    static final ArchRule ADDRESS = only("address");

    @ArchTest
    static final ArchRule LOG = only("log", "org.slf4j", "org.slf4j.event", "org.slf4j.spi");

    @ArchTest
    static final ArchRule GUARD = only("guard", ROOT + ".address", ROOT + ".metrics", "net.voltlane.protocol");

    @ArchTest
    static final ArchRule LINK = only(
            "link",
            ROOT + ".log",
            ROOT + ".metrics",
            "net.voltlane.protocol",
            "io.netty..",
            "jdk.net",
            "org.slf4j",
            "org.slf4j.event",
            "org.slf4j.spi");

    /**
     * Sessions use Netty's buffers, never its channels, which are hidden behind the ports. They log, because no other
     * package knows all of a session's life.
     */
    @ArchTest
    static final ArchRule SESSION = only(
            "session",
            ROOT + ".address",
            ROOT + ".link",
            ROOT + ".log",
            ROOT + ".metrics",
            ROOT + ".store",
            "net.voltlane.protocol..",
            "net.voltlane.proof", // the keys of sessions
            "io.netty.buffer",
            "io.netty.util", // ReferenceCounted
            "io.netty.util.collection",
            "org.slf4j",
            "org.slf4j.event",
            "org.slf4j.spi");

    /** The port of stores, which modules of their own implement, and the encryption of what is given to them. */
    @ArchTest
    static final ArchRule STORE = only("store", "net.voltlane.proof", "javax.crypto..");

    @ArchTest
    static final ArchRule EDGE = only(
            "edge",
            ROOT + ".address",
            ROOT + ".session",
            ROOT + ".guard",
            ROOT + ".link",
            ROOT + ".log",
            ROOT + ".metrics",
            "net.voltlane.protocol..",
            "net.voltlane.proof",
            "io.netty..",
            "org.slf4j",
            "org.slf4j.spi");

    /** A codec knows nothing of sessions, nor of the links above it. */
    @ArchTest
    static final ArchRule WEBSOCKET = only(
            "websocket", ROOT + ".address", ROOT + ".link", ROOT + ".metrics", "net.voltlane.protocol", "io.netty..");

    @ArchTest
    static final ArchRule TLS = only(
            "tls",
            ROOT + ".link",
            ROOT + ".log",
            ROOT + ".metrics",
            "net.voltlane.tcp.pem",
            "io.netty..",
            "javax.net.ssl",
            "javax.security.auth.x500",
            "org.slf4j",
            "org.slf4j.spi");

    @ArchTest
    static final ArchRule NAMES = only("names", "io.netty..", "org.slf4j");

    @ArchTest
    static final ArchRule UPLINK = only(
            "uplink",
            ROOT + ".names",
            ROOT + ".session",
            ROOT + ".link",
            ROOT + ".log",
            ROOT + ".metrics",
            "net.voltlane.protocol",
            "net.voltlane.protocol.firehose3",
            "net.voltlane.tcp.pem",
            "javax.net.ssl",
            "io.netty..",
            "org.slf4j",
            "org.slf4j.spi");

    /** Settings are looked up in one place. The other packages get the few values that they need. */
    @ArchTest
    static final ArchRule CONFIG = noClasses()
            .that()
            .resideInAPackage(ROOT + "..")
            .and(not(resideInAnyPackage(ROOT, ROOT + ".config")))
            .should()
            .dependOnClassesThat(resideInAPackage(ROOT + ".config"));

    @ArchTest
    static final ArchRule NOBODY_LOOKS_BACK_AT_THE_WIRING =
            noClasses().that().resideInAPackage(ROOT + ".*..").should().dependOnClassesThat(resideInAPackage(ROOT));

    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule SESSIONS_READ_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + ".session",
                    ROOT + ".link",
                    ROOT + ".edge",
                    ROOT + ".uplink",
                    ROOT + ".guard",
                    ROOT + ".address")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    /** Handlers get the parts of their loop that they use: whoever knew the loop would know everything. */
    @ArchTest
    static final ArchRule LOOPS_ARE_GIVEN_IN_PARTS = noClasses()
            .that(not(simpleName("ClientEdge").or(simpleNameStartingWith("ClientLoop"))))
            .should()
            .accessClassesThat()
            .haveSimpleName("ClientLoop");

    /** Else nobody could tell why a client is not read from, and the end of one reason would undo another. */
    @ArchTest
    static final ArchRule READING_IS_SWITCHED_IN_ONE_PLACE =
            noClasses().that().resideInAPackage(ROOT + ".edge").should().callMethodWhere(target(name("setAutoRead")));

    /** The figures of the metrics package are also read by other modules. */
    @ArchTest
    static final ArchRule PUBLIC_MEANS_USED_BY_ANOTHER_PACKAGE = classes()
            .that()
            .resideInAnyPackage(
                    ROOT + ".link",
                    ROOT + ".session",
                    ROOT + ".edge",
                    ROOT + ".uplink",
                    ROOT + ".guard",
                    ROOT + ".address")
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .should(new BeUsedByAnotherPackage());

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL_UNLESS_MADE_TO_BE_EXTENDED = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotAnonymousClasses()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .and()
            .areNotEnums()
            .and()
            .haveSimpleNameNotEndingWith("package-info")
            .should()
            .haveModifier(JavaModifier.FINAL);

    @ArchTest
    static final ArchRule PACKAGES_ARE_NULL_MARKED =
            classes().that().haveSimpleName("package-info").should().beAnnotatedWith(NullMarked.class);

    private static final class BeUsedByAnotherPackage extends ArchCondition<JavaClass> {
        BeUsedByAnotherPackage() {
            super("be used by another package");
        }

        private static boolean isUsedElsewhere(JavaClass type) {
            Set<Dependency> uses = type.getDirectDependenciesToSelf();
            return uses.stream()
                    .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
        }

        /** True for what a public class that is used elsewhere takes or gives, such as the page that a query asks for. */
        private static boolean isPartOfWhatIs(JavaClass type) {
            return type.getDirectDependenciesToSelf().stream()
                    .map(Dependency::getOriginClass)
                    .anyMatch(user -> user.getModifiers().contains(JavaModifier.PUBLIC) && isUsedElsewhere(user));
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            if (!isUsedElsewhere(type)
                    && !isPartOfWhatIs(type)
                    && !type.getSimpleName().endsWith("Exception")) {
                events.add(SimpleConditionEvent.violated(type, type.getName() + " is public for nobody"));
            }
        }
    }
}
