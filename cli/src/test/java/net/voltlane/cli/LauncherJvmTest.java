package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class LauncherJvmTest extends LauncherCase {
    @Test
    void aMissingJavaIsTold() throws Exception {
        run();
        Files.delete(jvms.resolve("jdk-17/bin/java"));

        Run run = run();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("Java 17 or newer is needed to run");
    }

    @Test
    void theNewestOfTheInstalledIsPicked() throws Exception {
        jdk(jvms.resolve("a"), "9.0.1");
        jdk(jvms.resolve("b"), "25.0.3");
        jdk(jvms.resolve("c"), "1.8.0_392");
        jdk(jvms.resolve("d"), "21.0.1");
        Files.createDirectories(jvms.resolve("e"));

        assertThat(run().out()).contains("java " + jvms.resolve("b"));
    }

    @Test
    void namedOnesComeBeforeTheInstalledAndABundledOneBeforeAll() throws Exception {
        jdk(directory.resolve("java home"), "17.0.1");
        jdk(directory.resolve("voltlane java home"), "18.0.1");
        jdk(jvms.resolve("newest"), "25.0.3");

        environment.put("JAVA_HOME", directory.resolve("java home").toString());
        assertThat(run().out()).contains("java " + directory.resolve("java home"));

        environment.put(
                "VOLTLANE_JAVA_HOME", directory.resolve("voltlane java home").toString());
        assertThat(run().out()).contains("java " + directory.resolve("voltlane java home"));

        jdk(home.resolve("runtime"), "25.0.3");
        assertThat(run().out()).contains("java " + home.resolve("runtime"));
    }

    @Test
    void anOldJavaHomeIsPassedOverButANamedOneIsAnError() throws Exception {
        jdk(directory.resolve("old"), "11.0.1");
        environment.put("JAVA_HOME", directory.resolve("old").toString());
        assertThat(run().out()).contains("java " + jvms.resolve("jdk-17"));

        environment.put("VOLTLANE_JAVA_HOME", directory.resolve("old").toString());
        Run run = run();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("VOLTLANE_JAVA_HOME=", "no Java 17 or newer");
    }

    @Test
    void theOneOnThePathIsTheLastResort() throws Exception {
        run();
        Files.move(jvms.resolve("jdk-17"), directory.resolve("elsewhere"));
        Files.createSymbolicLink(bin.resolve("java"), directory.resolve("elsewhere/bin/java"));

        assertThat(run().out()).contains("java " + directory.resolve("elsewhere"));
    }
}
