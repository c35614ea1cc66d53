package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code voltlane} and its {@code launcher} in a folder that looks like a clone, with a Maven and JDKs
 * that only tell how they were called.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(30)
class LauncherTest {

    private static final Path LAUNCHER = Path.of("..", "voltlane");
    private static final Path SOURCED = Path.of("..", "launcher");
    private static final List<String> TOOLS =
            List.of("sed head find dirname readlink mkdir mv flock cksum cut rm timeout cat".split(" "));
    private static final List<String> MODULES =
            List.of("protocol", "proof", "server", "client", "backend", "bench", "cli");

    private record Run(int status, List<String> out, List<String> err, long pid) {}

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private Path home;
    private Path bin;
    private Path jvms;
    private Path work;

    @BeforeEach
    void layOutClone() throws IOException {
        directory = directory.toRealPath();
        home = Files.createDirectories(directory.resolve("a clone"));
        bin = Files.createDirectories(directory.resolve("bin"));
        jvms = Files.createDirectories(directory.resolve("jvms"));
        work = Files.createDirectories(directory.resolve("work"));
        script(home.resolve("voltlane"), Files.readString(LAUNCHER));
        copySourced();
        Files.writeString(home.resolve("pom.xml"), "");
        for (String module : MODULES) {
            Files.createDirectories(home.resolve(module).resolve("src/main/java"));
            Files.writeString(home.resolve(module).resolve("pom.xml"), "");
            Files.writeString(home.resolve(module).resolve("src/main/java/A.java"), "");
        }
        age(home);
        for (String tool : TOOLS) {
            // Not a link: the temporary folder's clean-up warns of links that lead out of it.
            script(bin.resolve(tool), "#!/bin/sh\nexec " + tool(tool) + " \"$@\"\n");
        }
        mvn("mkdir -p 'TARGET' && : >'TARGET/voltlane.jar'");
        environment.put("PATH", bin.toString());
        jdk(jvms.resolve("jdk-17"), "17.0.15");
    }

    private void copySourced() throws IOException {
        Path copies = Files.createDirectories(home.resolve("launcher"));
        try (Stream<Path> files = Files.list(SOURCED)) {
            for (Path file : files.toList()) {
                Files.writeString(
                        copies.resolve(file.getFileName()),
                        Files.readString(file).replace("/usr/lib/jvm", jvms.toString()));
            }
        }
    }

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

    @Test
    void aMissingJavaIsTold() throws Exception {
        run();
        Files.delete(jvms.resolve("jdk-17/bin/java"));

        Run run = run();

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).singleElement().asString().contains("Java 17 or newer is needed to run");
    }

    @ParameterizedTest
    @CsvSource({
        "17.0.15, false, false",
        "22.0.1, false, false",
        "23, true, false",
        "24.0.2, true, false",
        "25.0.3, true, true",
        "26-ea, true, true"
    })
    void flagsAreThoseOfTheVersion(String version, boolean unsafe, boolean compact) throws Exception {
        jdk(jvms.resolve("jdk-17"), version);

        List<String> out = run("serve").out();

        assertThat(out)
                .contains("arg --enable-native-access=ALL-UNNAMED", "arg -Dio.netty.leakDetection.level=disabled");
        assertThat(out.contains("arg --sun-misc-unsafe-memory-access=allow")).isEqualTo(unsafe);
        assertThat(out.contains("arg -XX:+UseCompactObjectHeaders")).isEqualTo(compact);
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

    @Test
    void theUsersFlagsComeLastOfAllFlags() throws Exception {
        environment.put("VOLTLANE_JAVA_OPTS", "-Xmx64m -Da=*");

        assertThat(run("serve").out())
                .containsSubsequence(
                        "arg --enable-native-access=ALL-UNNAMED", "arg -Xmx64m", "arg -Da=*", "arg -jar", "arg serve");
    }

    @Test
    void theUsersCollectorIsTheOnlyOne() throws Exception {
        assertThat(run("serve").out()).contains("arg -XX:+UseSerialGC");

        environment.put("VOLTLANE_JAVA_OPTS", "-Xmx64m -XX:+UseG1GC");
        assertThat(run("serve").out()).contains("arg -XX:+UseG1GC").doesNotContain("arg -XX:+UseSerialGC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "VOLTLANE_JAVA_OPTS", "_JAVA_OPTIONS"})
    void theUsersCollectorIsTheOnlyOneWhereverItIsSet(String variable) throws Exception {
        for (String form : List.of(
                "-XX:+UseG1GC", "-XX:+UseG1GC\n", "-Xmx64m\t-XX:+UseZGC\t", " '-XX:+UseParallelGC'", "@flags")) {
            Files.writeString(work.resolve("flags"), "-Xss1m\n\"-XX:+UseShenandoahGC\"\n");
            environment.put(variable, form);
            assertThat(run("serve").out()).as(form).doesNotContain("arg -XX:+UseSerialGC");
        }
        environment.put(variable, "-XX:+UseStringDeduplication -XX:+DisableExplicitGC");
        assertThat(run("serve").out()).contains("arg -XX:+UseSerialGC");
    }

    @ParameterizedTest
    @CsvSource({
        "-Xmx512m, true",
        "-Xmx16m, true",
        "-Xmx12m, false",
        "-Xmx16383k, false",
        "-Xmx16777216, true",
        "-Xmx16777215, false",
        "-XX:MaxHeapSize=8m, false",
        "-XX:MaxHeapSize=1g, true",
        "-Xms32m, false",
        "-Xmn8m, false",
        "-XX:InitialHeapSize=64m, false",
        "-XX:MaxRAMPercentage=50, true",
        "-Xmx, false",
    })
    void theHeapBeginsSmallWhereThatFitsToTheUsersSizes(String flag, boolean small) throws Exception {
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "VOLTLANE_JAVA_OPTS")) {
            environment.put(variable, flag + "\n");
            assertThat(run("serve").out().contains("arg -XX:InitialHeapSize=16m"))
                    .isEqualTo(small);
            environment.remove(variable);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-XX:MinHeapFreeRatio=40, -XX:MaxHeapFreeRatio=20",
        "-XX:MaxHeapFreeRatio=70, -XX:MinHeapFreeRatio=10",
        "-XX:TrimNativeHeapInterval=0, -XX:TrimNativeHeapInterval=2000",
        "-XX:-UseCompactObjectHeaders, -XX:+UseCompactObjectHeaders",
        "-XX:-ExitOnOutOfMemoryError, -XX:+ExitOnOutOfMemoryError",
        "-XX:+CrashOnOutOfMemoryError, -XX:+ExitOnOutOfMemoryError",
        "--sun-misc-unsafe-memory-access=warn, --sun-misc-unsafe-memory-access=allow",
        "-Dio.netty.leakDetection.level=simple, -Dio.netty.leakDetection.level=disabled",
    })
    void eachDefaultGivesWayToTheUsersFlag(String users, String launchers) throws Exception {
        jdk(jvms.resolve("jdk-17"), "25.0.3");
        environment.put("VOLTLANE_AOT", "off");
        assertThat(run("serve").out()).contains("arg " + launchers);

        environment.put("JAVA_TOOL_OPTIONS", users + "\n");
        assertThat(run("serve").out()).doesNotContain("arg " + launchers);
    }

    @Test
    void aJvmThatIsOutOfMemoryEnds() throws Exception {
        environment.put("JAVA_TOOL_OPTIONS", "-XX:+HeapDumpOnOutOfMemoryError");

        assertThat(run("serve").out()).contains("arg -XX:+ExitOnOutOfMemoryError");
    }

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

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, C.UTF-8",
                "C, -, C.UTF-8",
                "POSIX, de_DE.UTF-8, C.UTF-8",
                "-, de_DE.ISO-8859-1, C.UTF-8",
                "-, de_DE.UTF-8, -",
                "-, en_US.utf8, -",
                "C.UTF-8, -, C.UTF-8",
            })
    void namesOfFilesAreUtf8WhateverTheLocale(String all, String lang, String expected) throws Exception {
        script(
                jvms.resolve("jdk-17/bin/java"),
                Files.readString(jvms.resolve("jdk-17/bin/java")) + "echo \"locale ${LC_ALL:--}\"\n");
        if (all != null) {
            environment.put("LC_ALL", all);
        }
        if (lang != null) {
            environment.put("LANG", lang);
        }

        assertThat(run("serve").out()).contains("locale " + (expected == null ? "-" : expected));
    }

    /** Maven's JVM would not start in a folder that it can't name. */
    @Test
    void theBuildHasUtf8AsWell() throws Exception {
        mvn("echo \"locale $LC_ALL\"; mkdir -p 'TARGET' && : >'TARGET/voltlane.jar'");
        environment.put("LC_ALL", "C");

        assertThat(run().err()).contains("locale C.UTF-8");
    }

    /** The system's word counts where it gives one: a locale may be named and not be there. */
    @Test
    void aLocaleThatIsNotInstalledIsNoUtf8() throws Exception {
        script(bin.resolve("locale"), "#!/bin/sh\necho ANSI_X3.4-1968\n");
        script(
                jvms.resolve("jdk-17/bin/java"),
                Files.readString(jvms.resolve("jdk-17/bin/java")) + "echo \"locale ${LC_ALL:--}\"\n");
        environment.put("LANG", "de_DE.UTF-8");

        assertThat(run("serve").out()).contains("locale C.UTF-8");
    }

    @Test
    void closedDescriptorsLeadNowhere() throws Exception {
        script(
                jvms.resolve("jdk-17/bin/java"),
                "#!/bin/sh\nfor fd in 0 1 2; do l=$(readlink /proc/$$/fd/$fd); echo \"$l\" >>'" + work
                        + "/open'; done\n");
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "Linux");
        run();
        for (String closed : List.of("<&-", ">&-", "2>&-", "<&- >&- 2>&-")) {
            Files.deleteIfExists(work.resolve("open"));
            ProcessBuilder builder = new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "exec \"$0\" serve " + closed,
                            home.resolve("voltlane").toString())
                    .directory(work.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(Path.of("/dev/null").toFile())
                    .redirectError(Path.of("/dev/null").toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process shell = builder.start();
            assertThat(shell.waitFor()).isZero();
            assertThat(Files.readAllLines(work.resolve("open")))
                    .as(closed)
                    .containsExactly("/dev/null", "/dev/null", "/dev/null");
        }
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

    @Test
    void argumentsArePassedOnAsTheyAre() throws Exception {
        assertThat(run("serve", "-c", "a b *", "").out()).endsWith("arg serve", "arg -c", "arg a b *", "arg ");
    }

    @Test
    void itWorksThroughLinksAndTheWorkingDirectoryStays() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), home.resolve("voltlane"));
        Path linkToLink = Files.createSymbolicLink(
                bin.resolve("voltlane"), Path.of("..", link.getFileName().toString()));

        Run run = run(linkToLink);

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("in " + work, "arg " + jar());
    }

    @Test
    void theJvmTakesThePlaceOfTheScript() throws Exception {
        Run run = run();

        assertThat(run.out()).contains("pid " + run.pid());
    }

    @Test
    void theStatusIsTheJvms() throws Exception {
        run();
        script(jvms.resolve("jdk-17/bin/java"), "#!/bin/sh\nexit 78\n");

        assertThat(run().status()).isEqualTo(78);
    }

    private Run run(String... arguments) throws Exception {
        return run(home.resolve("voltlane"), arguments);
    }

    private Run run(Path launcher, String... arguments) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        List<String> command = Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        int status = process.waitFor();
        return new Run(status, Files.readAllLines(out), Files.readAllLines(err), process.pid());
    }

    private Path jar() {
        return home.resolve("cli/target/voltlane.jar");
    }

    private void mvn(String body) throws IOException {
        String target = home.resolve("cli/target").toString();
        script(bin.resolve("mvn"), "#!/bin/sh\necho mvn \"$@\"\n" + body.replace("TARGET", target) + "\n");
    }

    private static void jdk(Path folder, String version) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(
                folder.resolve("bin/java"),
                "#!/bin/sh\necho \"java ${0%/bin/java}\"\necho \"pid $$\"\necho \"in $PWD\"\n"
                        + "for a in \"$@\"; do echo \"arg $a\"; done\n");
        script(folder.resolve("bin/javac"), "#!/bin/sh\n");
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

    private static void script(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path tool(String name) {
        return Stream.of("/usr/bin", "/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not installed"));
    }

    private static void age(Path folder) throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, old);
            }
        }
    }
}
