package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Licences of the jars in an archive, as the build collects them. {@code distribution/archive/try.sh} looks at all. */
@DisabledOnOs(OS.WINDOWS)
class ArchiveLicencesTest {
    private static final Path SOURCES = Path.of("..", "distribution", "archive", "src");

    @TempDir
    Path target;

    @Test
    void licencesOfOneNameInOneJarAreAllThere() throws Exception {
        Path lib = Files.createDirectories(target.resolve("tree/lib"));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(lib.resolve("slf4j-api-1.jar")))) {
            put(jar, "META-INF/LICENSE.txt");
            put(jar, "META-INF/parts/one/LICENSE.txt");
            put(jar, "META-INF/parts/two/LICENSE.txt");
        }

        shell(". ./licences.sh && add_licences");

        Path licences = target.resolve("tree/licences");
        for (String text : new String[] {"LICENSE.txt", "parts/one/LICENSE.txt", "parts/two/LICENSE.txt"}) {
            assertThat(licences.resolve("slf4j-api-1").resolve(text)).hasContent("META-INF/" + text);
            assertThat(licences.resolve("README")).content().contains(" slf4j-api-1/" + text);
        }
    }

    private static void put(JarOutputStream jar, String name) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Runs steps of the build in a shell, with the variables that make.sh gives them. */
    private void shell(String steps) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        "-euc",
                        "fail() { echo \"$*\"; exit 1; }\nhere=$PWD\nproject=$PWD/../../..\ntree=$target/tree\n"
                                + steps)
                .directory(SOURCES.toFile())
                .redirectErrorStream(true);
        builder.environment().put("target", target.toString());
        builder.environment().put("jdk", System.getProperty("java.home"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
