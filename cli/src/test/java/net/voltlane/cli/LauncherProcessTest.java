package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherProcessTest extends LauncherCase {
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
}
