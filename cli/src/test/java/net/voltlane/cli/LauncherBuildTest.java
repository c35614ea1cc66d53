package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherBuildTest extends LauncherCase {
    @Test
    void aFreshCloneIsBuiltAndThatIsSaid() throws Exception {
        Run run = run("demo", "--clients", "3");

        assertThat(run.status()).isZero();
        assertThat(run.err().get(0)).contains("building from source");
        assertThat(run.err()).anyMatch(line -> line.startsWith("mvn -q ") && line.endsWith(" package -pl cli -am"));
        assertThat(run.out()).containsSubsequence("arg -jar", "arg " + jar(), "arg demo", "arg --clients", "arg 3");
    }

    @Test
    void whatIsBuiltIsNotBuiltAgain() throws Exception {
        run();

        assertThat(run().err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"server/src/main/java/A.java", "proof/pom.xml", "pom.xml"})
    void aNewerSourceIsBuilt(String file) throws Exception {
        run();
        Files.setLastModifiedTime(
                home.resolve(file), FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(run().err().get(0)).contains("building from source");
    }

    @Test
    void aJarThatIsGoneIsBuilt() throws Exception {
        run();
        Files.delete(jar());

        assertThat(run().err().get(0)).contains("building from source");
    }

    @Test
    void aBuildThatFailsIsToldAndTriedAgain() throws Exception {
        mvn("echo 'no such symbol'; exit 1");

        Run run = run();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("no such symbol").endsWith("voltlane: the build failed, see above.");
        mvn("mkdir -p 'TARGET' && : >'TARGET/voltlane.jar'");
        assertThat(run().status()).isZero();
    }

    @Test
    void aMissingMavenIsTold() throws Exception {
        Files.delete(bin.resolve("mvn"));

        Run run = run();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("Maven is needed", "apt install maven");
    }

    @Test
    void aMissingJdkIsTold() throws Exception {
        Files.delete(jvms.resolve("jdk-17/bin/javac"));

        Run run = run();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("A JDK, 17 or newer, is needed to build");
    }

    /** Maven's JVM would not start in a folder that it can't name. */
    @Test
    void theBuildHasUtf8AsWell() throws Exception {
        mvn("echo \"locale $LC_ALL\"; mkdir -p 'TARGET' && : >'TARGET/voltlane.jar'");
        environment.put("LC_ALL", "C");

        assertThat(run().err()).contains("locale C.UTF-8");
    }

    /** Maven resets the colours that it was told not to use. */
    @Test
    void aBuildWritesNothingForTerminals() throws Exception {
        mvn(
                "printf '\\033[0m\\033[m'; echo 'a warning' >&2; printf '\\033[0m' >&2; mkdir -p 'TARGET' && : >'TARGET/voltlane.jar'");

        Run run = run();

        assertThat(run.status()).isZero();
        assertThat(run.err()).contains("a warning").noneMatch(line -> line.contains("\u001b"));
    }
}
