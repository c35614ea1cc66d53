package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherCacheTest extends LauncherCase {
    @ParameterizedTest
    @ValueSource(strings = {"-Xshare:off", "-XX:SharedArchiveFile=/x", "-XX:AOTCache=/x", "-XX:AOTMode=off"})
    void theUsersCacheIsTheOnlyOne(String flag) throws Exception {
        trainableJdk(jvms.resolve("jdk-25"), "25.0.3");
        environment.put("JAVA_TOOL_OPTIONS", flag);

        assertThat(run("serve").out()).noneMatch(line -> line.startsWith("arg -XX:AOTCache="));
    }

    /** An agent's port would be taken twice, and a tiny heap would not do for the load. */
    @Test
    void theTrainingDoesNotGetWhatTheEnvironmentGivesEveryJvm() throws Exception {
        trainableJdk(jvms.resolve("jdk-25"), "25.0.3");
        script(
                jvms.resolve("jdk-25/bin/java"),
                Files.readString(jvms.resolve("jdk-25/bin/java")) + "echo \"tool ${JAVA_TOOL_OPTIONS:-none}\"\n");
        environment.put("JAVA_TOOL_OPTIONS", "-Da=b");

        assertThat(run("serve").out()).contains("tool -Da=b");
        assertThat(home.resolve("cli/target/training/log")).content().contains("tool none");
    }

    @Test
    void aCacheIsMadeOnceForEachJvmAndBuild() throws Exception {
        trainableJdk(jvms.resolve("jdk-25"), "25.0.3");

        Run first = run("serve");
        assertThat(first.status()).isZero();
        assertThat(first.err()).anyMatch(line -> line.contains("preparing faster starts"));
        String cache = cacheOf(first);
        assertThat(Path.of(cache)).hasParent(home.resolve("cli/target"));

        Run second = run("serve");
        assertThat(second.err()).isEmpty();
        assertThat(cacheOf(second)).isEqualTo(cache);

        trainableJdk(jvms.resolve("jdk-26"), "26-ea");
        assertThat(cacheOf(run("serve"))).isNotEqualTo(cache);
        assertThat(run("serve").err()).isEmpty();

        Files.setLastModifiedTime(jar(), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run("serve").err()).anyMatch(line -> line.contains("preparing faster starts"));
    }

    /** The JVM would run the old one: it does not look at jars that only a manifest names. */
    @Test
    void anotherJarOfThoseThatTheProgramNeedsMakesAnotherCache() throws Exception {
        trainableJdk(jvms.resolve("jdk-25"), "25.0.3");
        run("serve");
        Path lib = Files.createDirectories(home.resolve("cli/target/lib")).resolve("server.jar");
        Files.writeString(lib, "new");
        Files.setLastModifiedTime(lib, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run("serve").err()).anyMatch(line -> line.contains("preparing faster starts"));
    }

    @Test
    void aCacheThatCanNotBeMadeIsToldOnceAndTheProgramRuns() throws Exception {
        jdk(jvms.resolve("jdk-25"), "25.0.3");

        Run first = run("serve");

        assertThat(first.status()).isZero();
        assertThat(first.err()).anyMatch(line -> line.contains("that failed"));
        assertThat(first.out()).contains("arg serve").noneMatch(line -> line.contains("AOTCache"));
        assertThat(run("serve").err()).isEmpty();
    }

    @Test
    void anOlderJvmGetsAnArchiveOfClasses() throws Exception {
        trainableJdk(jvms.resolve("jdk-17"), "24.0.1");
        Run first = run("serve");
        assertThat(first.err()).anyMatch(line -> line.contains("preparing faster starts"));
        assertThat(first.out()).contains("arg -Xlog:cds=off").noneMatch(line -> line.contains("AOTCache"));
        String archive = cacheOf(first, "-XX:SharedArchiveFile=");
        assertThat(Path.of(archive)).exists();
        Run second = run("serve");
        assertThat(second.err()).isEmpty();
        assertThat(cacheOf(second, "-XX:SharedArchiveFile=")).isEqualTo(archive);
    }

    @Test
    void noCacheIsMadeWhereNoneIsWanted() throws Exception {
        trainableJdk(jvms.resolve("jdk-17"), "25.0.3");
        environment.put("VOLTLANE_AOT", "off");
        Run run = run("serve");
        assertThat(run.err()).noneMatch(line -> line.contains("preparing"));
        assertThat(run.out()).contains("arg serve").noneMatch(line -> line.contains("AOTCache"));
    }

    private static String cacheOf(Run run) {
        return cacheOf(run, "-XX:AOTCache=");
    }

    private static String cacheOf(Run run, String option) {
        String flag = "arg " + option;
        return run.out().stream()
                .filter(line -> line.startsWith(flag))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cache: " + run))
                .substring(flag.length());
    }

    /** A JVM that writes a cache where it is asked for one. */
    private static void trainableJdk(Path folder, String version) throws IOException {
        jdk(folder, version);
        Path java = folder.resolve("bin/java");
        script(
                java,
                Files.readString(java)
                        + "for a in \"$@\"; do case $a in -XX:AOTCacheOutput=*|-XX:ArchiveClassesAtExit=*) echo x >\"${a#*=}\" ;; esac; done\n");
    }
}
