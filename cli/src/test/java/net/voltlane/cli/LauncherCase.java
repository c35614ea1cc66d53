package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests of the script {@code voltlane} and its {@code launcher}. The folder looks like a clone; its Maven and JDKs only
 * print how they were called.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(30)
abstract class LauncherCase {
    static final Path LAUNCHER = Path.of("..", "voltlane");
    static final Path SOURCED = Path.of("..", "launcher");
    static final List<String> TOOLS =
            List.of("sed head find dirname readlink mkdir mv flock cksum cut rm timeout cat".split(" "));
    static final List<String> MODULES = List.of("protocol", "proof", "server", "client", "backend", "bench", "cli");

    record Run(int status, List<String> out, List<String> err, long pid) {}

    @TempDir
    Path directory;

    final Map<String, String> environment = new HashMap<>();
    Path home;
    Path bin;
    Path jvms;
    Path work;

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
        script(bin.resolve("getconf"), "#!/bin/sh\necho glibc 2.36\n");
        mvn("mkdir -p 'TARGET' && : >'TARGET/voltlane.jar'");
        environment.put("PATH", bin.toString());
        jdk(jvms.resolve("jdk-17"), "17.0.15");
    }

    void copySourced() throws IOException {
        Path copies = Files.createDirectories(home.resolve("launcher"));
        try (Stream<Path> files = Files.list(SOURCED)) {
            for (Path file : files.toList()) {
                Files.writeString(
                        copies.resolve(file.getFileName()),
                        Files.readString(file).replace("/usr/lib/jvm", jvms.toString()));
            }
        }
    }

    Run run(String... arguments) throws Exception {
        return run(home.resolve("voltlane"), arguments);
    }

    Run run(Path launcher, String... arguments) throws Exception {
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

    Path jar() {
        return home.resolve("cli/target/voltlane.jar");
    }

    void mvn(String body) throws IOException {
        String target = home.resolve("cli/target").toString();
        script(bin.resolve("mvn"), "#!/bin/sh\necho mvn \"$@\"\n" + body.replace("TARGET", target) + "\n");
    }

    static void jdk(Path folder, String version) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(
                folder.resolve("bin/java"),
                "#!/bin/sh\necho \"java ${0%/bin/java}\"\necho \"pid $$\"\necho \"in $PWD\"\n"
                        + "for a in \"$@\"; do echo \"arg $a\"; done\n");
        script(folder.resolve("bin/javac"), "#!/bin/sh\n");
    }

    static void script(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    static Path tool(String name) {
        return Stream.of("/usr/bin", "/bin")
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not installed"));
    }

    static void age(Path folder) throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, old);
            }
        }
    }
}
