package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.voltlane.server.config.ConfigLoader;
import net.voltlane.server.config.ConfigRequest;
import net.voltlane.server.config.LoadedConfig;
import net.voltlane.server.config.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sources of the Debian package, as far as a shell alone can try them. {@code distribution/deb/try.sh} installs the
 * whole package.
 */
class DebianPackageTest {
    private static final Path PROJECT = Path.of("..");
    private static final Path SOURCES = PROJECT.resolve("distribution/deb/src");

    @TempDir
    Path root;

    /** A line of the template that is written in another way would leave a default in the package. */
    @Test
    void itsConfigurationIsTheDefaultButForThreeValuesOfAService() throws Exception {
        shell(". ./config.sh && add_config");

        LoadedConfig loaded = ConfigLoader.load(
                new ConfigRequest(root, Path.of("etc/voltlane/connserver.toml"), Map.of(), null, null, false));

        assertThat(loaded.settings().stream()
                        .filter(setting -> !setting.value().equals(setting.defaultValue()))
                        .collect(Collectors.toMap(Setting::key, Setting::value)))
                .containsOnly(
                        entry("listener.address", "0.0.0.0:42000"),
                        entry("listener.key_file", "/var/lib/voltlane/connserver.key"),
                        entry("admin.token_file", "/var/lib/voltlane/admin.token"));
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.config().admin().address().orElseThrow().host()).isEqualTo("127.0.0.1");
    }

    @Test
    void itsUnitIsThatOfTheProjectWithOtherPaths() throws Exception {
        shell(". ./program.sh && add_unit");

        List<String> unit = settings(root.resolve("usr/lib/systemd/system/voltlane.service"));
        assertThat(unit)
                .contains("ExecStart=/usr/bin/voltlane serve -c /etc/voltlane/connserver.toml")
                .noneMatch(line -> line.contains("/opt/"));
        assertThat(unit.stream().map(DebianPackageTest::name))
                .containsExactlyElementsOf(settings(PROJECT.resolve("deploy/systemd/voltlane.service")).stream()
                        .map(DebianPackageTest::name)
                        .toList());
    }

    /** The build of the package looks at every jar; this is earlier, and names the libraries that are new in the archive. */
    @Test
    void everyLibraryOfTheArchiveHasAParagraphInTheCopyrightFile() throws Exception {
        List<String> libraries = Files.readAllLines(PROJECT.resolve("distribution/archive/src/licences/table")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("voltlane"))
                .map(line -> "Files: usr/lib/voltlane/lib/" + line.substring(0, line.indexOf(' ')) + ".jar")
                .toList();

        assertThat(libraries).hasSizeGreaterThan(10);
        assertThat(Files.readAllLines(SOURCES.resolve("copyright"))).containsAll(libraries);
    }

    /** An upgrade overwrites files that are not in this list. */
    @Test
    void everyFileUnderEtcIsAConffile() throws Exception {
        shell(". ./config.sh && add_config");

        try (Stream<Path> files = Files.walk(root.resolve("etc"))) {
            assertThat(Files.readAllLines(SOURCES.resolve("control/conffiles")))
                    .containsExactlyInAnyOrderElementsOf(files.filter(Files::isRegularFile)
                            .map(file -> "/" + root.relativize(file))
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postinst", "prerm", "postrm"})
    void itsScriptsStopAtTheFirstErrorAndAreUnderstood(String name) throws Exception {
        assertThat(Files.readAllLines(SOURCES.resolve("control").resolve(name))).contains("#!/bin/sh", "set -e");
        shell("sh -n control/" + name);
    }

    private static List<String> settings(Path unit) throws IOException {
        return Files.readAllLines(unit).stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private static String name(String line) {
        return line.replaceFirst("=.*", "");
    }

    /** Runs steps of the build in a shell, with the variables that make.sh gives them. */
    private void shell(String steps) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-euc", "fail() { echo \"$*\"; exit 1; }\nhere=$PWD\nproject=$PWD/../../..\n" + steps)
                .directory(SOURCES.toFile())
                .redirectErrorStream(true);
        builder.environment().put("root", root.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).isEmpty();
    }
}
