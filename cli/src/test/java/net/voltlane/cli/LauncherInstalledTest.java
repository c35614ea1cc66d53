package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher in an installation, as archives and packages lay it out: {@code bin}, {@code lib} and {@code runtime}. */
class LauncherInstalledTest extends LauncherCase {
    private Path installed;
    private Path launcher;

    @BeforeEach
    void layOutInstallation() throws IOException {
        installed = Files.createDirectories(directory.resolve("an installation"));
        Files.createDirectories(installed.resolve("bin"));
        launcher = installed.resolve("bin/voltlane");
        script(launcher, Files.readString(LAUNCHER));
        Path scripts = Files.createDirectories(installed.resolve("lib/launcher"));
        for (String name : List.of("launch.sh", "java.sh", "flags.sh", "cache.sh")) {
            Files.copy(home.resolve("launcher").resolve(name), scripts.resolve(name));
        }
        Files.writeString(installed.resolve("lib/voltlane.jar"), "");
        Files.writeString(installed.resolve("lib/netty.jar"), "");
        Files.writeString(installed.resolve("lib/voltlane.aot"), "a cache");
        jdk(installed.resolve("runtime"), "25.0.3");
        age(installed);
        // Neither Maven nor anything else that only a clone needs.
        for (String tool : List.of("mvn", "flock", "timeout", "mkdir", "mv", "rm", "cksum")) {
            Files.delete(bin.resolve(tool));
        }
    }

    @Test
    void itRunsOnItsOwnRuntimeWithItsOwnCache() throws Exception {
        Run run = run(launcher, "serve");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("java " + installed.resolve("runtime"), "in " + work)
                .contains("arg -XX:AOTCache=" + installed.resolve("lib/voltlane.aot"))
                .endsWith("arg -jar", "arg " + installed.resolve("lib/voltlane.jar"), "arg serve");
    }

    @Test
    void itWorksThroughLinks() throws Exception {
        Files.createSymbolicLink(directory.resolve("current"), installed);
        Path link = Files.createSymbolicLink(bin.resolve("voltlane"), Path.of("../current/bin/voltlane"));

        assertThat(run(link, "serve").out()).contains("arg " + installed.resolve("lib/voltlane.jar"));
    }

    /** The shell's {@code cd} would look for the folder elsewhere. */
    @Test
    void itFindsItselfWhateverTheUsersCdpath() throws Exception {
        Files.createDirectories(directory.resolve("elsewhere/bin"));
        environment.put("CDPATH", directory.resolve("elsewhere").toString());
        work = installed;

        Run run = run(Path.of("bin/voltlane"), "serve");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("arg " + installed.resolve("lib/voltlane.jar"));
    }

    /** macOS and version managers have a program on the PATH that finds a JDK, and is not in one. */
    @Test
    void aJavaOnThePathThatIsNotInAJdkIsAskedForIt() throws Exception {
        Path found = directory.resolve("managed/jdk-21");
        jdk(found, "21.0.2");
        Files.move(installed.resolve("runtime"), directory.resolve("unused"));
        Files.move(jvms, directory.resolve("no jvms"));
        script(bin.resolve("java"), "#!/bin/sh\necho '    java.home = " + found + "' >&2\n");

        assertThat(run(launcher, "serve").out()).contains("java " + found);
    }

    @Test
    void itWritesNothing() throws Exception {
        List<Path> before = files();

        run(launcher, "serve");

        assertThat(files()).isEqualTo(before);
    }

    /** The cache belongs to the runtime beside it. */
    @Test
    void anotherJavaGetsNoCacheAndNoneIsMade() throws Exception {
        Files.move(installed.resolve("runtime"), jvms.resolve("jdk-25"));

        Run run = run(launcher, "serve");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("java " + jvms.resolve("jdk-25"))
                .noneMatch(argument -> argument.contains("AOTCache"));
    }

    /** The JVM would run the classes of the jar that was there before. */
    @Test
    void aJarThatWasReplacedTakesTheCacheOut() throws Exception {
        Files.setLastModifiedTime(
                installed.resolve("lib/netty.jar"), FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(run(launcher, "serve").out()).noneMatch(argument -> argument.contains("AOTCache"));
    }

    /** dpkg gives folders the time of the installation, and files that of the package. */
    @Test
    void aFolderMayBeNewerThanTheCache() throws Exception {
        FileTime later = FileTime.from(Instant.now().plusSeconds(60));
        Files.setLastModifiedTime(installed.resolve("lib/launcher"), later);
        Files.setLastModifiedTime(installed.resolve("lib"), later);

        assertThat(run(launcher, "serve").out()).contains("arg -XX:AOTCache=" + installed.resolve("lib/voltlane.aot"));
    }

    @Test
    void itRunsWithoutACache() throws Exception {
        Files.delete(installed.resolve("lib/voltlane.aot"));

        Run run = run(launcher, "serve");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).endsWith("arg serve").noneMatch(argument -> argument.contains("AOTCache"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"VOLTLANE_AOT=off", "JAVA_TOOL_OPTIONS=-XX:AOTCache=/x", "VOLTLANE_JAVA_OPTS=-Xshare:off"})
    void theUserMayDoWithoutTheCache(String variable) throws Exception {
        String[] parts = variable.split("=", 2);
        environment.put(parts[0], parts[1]);

        assertThat(run(launcher, "serve").out())
                .noneMatch(argument -> argument.startsWith("arg -XX:AOTCache=" + installed));
    }

    /** Variables of a script are not those of its environment. */
    @Test
    void itIsNoCloneWhateverTheEnvironmentHolds() throws Exception {
        environment.put("parts", "server");
        environment.put("training", "net.voltlane.cli.Training");
        environment.put("module", "cli");

        assertThat(run(launcher, "serve").err()).isEmpty();
    }

    @Test
    void namesOfFilesAreUtf8WhateverTheLocale() throws Exception {
        Path java = installed.resolve("runtime/bin/java");
        script(java, Files.readString(java) + "echo \"locale ${LC_ALL:--}\"\n");
        environment.put("LC_ALL", "C");

        assertThat(run(launcher, "serve").out()).contains("locale C.UTF-8");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(installed)) {
            return files.sorted().toList();
        }
    }
}
