package net.voltlane.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules that keep the admin server beside the connection server, and not inside it. */
@AnalyzeClasses(packages = "net.voltlane.admin", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_CIRCLES =
            slices().matching("net.voltlane.admin.(**)").should().beFreeOfCycles();

    /** Sessions, links and sockets of clients are known through the server's views, gauges and configuration alone. */
    @ArchTest
    static final ArchRule LOOKS_AT_THE_SERVER_FROM_OUTSIDE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "net.voltlane.server.edge..", "net.voltlane.server.uplink..", "net.voltlane.server.link..");
}
