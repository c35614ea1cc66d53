package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LauncherFlagsTest extends LauncherCase {
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
    void theUsersFlagsComeLastOfAllFlags() throws Exception {
        environment.put("VOLTLANE_JAVA_OPTS", "-Xmx64m -Da=*");

        assertThat(run("serve").out())
                .containsSubsequence(
                        "arg --enable-native-access=ALL-UNNAMED", "arg -Xmx64m", "arg -Da=*", "arg -jar", "arg serve");
    }

    /** {@code /tmp} may be mounted noexec. */
    @Test
    void aServiceUnpacksNativeCodeInTheFolderThatSystemdGivesIt() throws Exception {
        assertThat(run("serve").out()).noneMatch(line -> line.contains("workdir"));

        environment.put("STATE_DIRECTORY", "/var/lib/a service:/var/lib/b");
        environment.put("VOLTLANE_JAVA_OPTS", "-Dio.netty.native.workdir=/users");
        assertThat(run("serve").out())
                .containsSubsequence(
                        "arg -Dio.netty.native.workdir=/var/lib/a service",
                        "arg -Dio.netty.native.workdir=/users",
                        "arg -jar");
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

    @Test
    void onlyTheLibraryOfGnuIsAskedToGiveMemoryBack() throws Exception {
        jdk(jvms.resolve("jdk-17"), "25.0.3");
        script(bin.resolve("getconf"), "#!/bin/sh\nexit 1\n");
        environment.put("VOLTLANE_AOT", "off");

        assertThat(run("serve").out())
                .contains("arg -XX:+UseCompactObjectHeaders")
                .doesNotContain("arg -XX:TrimNativeHeapInterval=2000");
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
}
