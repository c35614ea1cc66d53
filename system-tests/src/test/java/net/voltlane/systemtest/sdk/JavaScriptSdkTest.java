package net.voltlane.systemtest.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Has Node run the tests of the JavaScript SDK, where it is installed. They start the server by the JDK and the class
 * path of this test, which the environment names.
 */
class JavaScriptSdkTest {
    private static final int LIMIT_SECONDS = 300;
    private static final int OLDEST_NODE = 20;
    private static final Path SDK = Path.of("../sdk/javascript");

    @Test
    @Timeout(LIMIT_SECONDS + 30)
    void itsTestsPassOnNode(@TempDir Path folder) throws Exception {
        String missing = "Node " + OLDEST_NODE + " or newer is not installed (Debian: apt install nodejs): "
                + "the tests of sdk/javascript are left out";
        assumeTrue(isNodeInstalled(), missing);
        List<String> command = new ArrayList<>(List.of("node", "--test"));
        try (Stream<Path> tests = Files.list(SDK.resolve("test"))) {
            tests.filter(file -> file.toString().endsWith(".test.js"))
                    .sorted()
                    .forEach(file -> command.add(SDK.relativize(file).toString()));
        }
        assertThat(command).as("the tests of sdk/javascript").hasSizeGreaterThan(2);

        Path output = folder.resolve("output");
        ProcessBuilder node = new ProcessBuilder(command)
                .directory(SDK.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        node.environment().put("JAVA_HOME", System.getProperty("java.home"));
        node.environment().put("VOLTLANE_CLASS_PATH", classPath());
        Process process = node.start();
        try {
            boolean isOver = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
            String report = Files.readString(output);
            assertThat(isOver)
                    .as("not over within %d s:\n%s", LIMIT_SECONDS, report)
                    .isTrue();
            assertThat(process.exitValue()).as(report).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static boolean isNodeInstalled() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("node", "--version").start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            process.waitFor();
            return version.matches("v\\d+\\.(?s:.*)")
                    && Integer.parseInt(version.substring(1, version.indexOf('.'))) >= OLDEST_NODE;
        } catch (IOException missing) {
            return false;
        }
    }

    private static String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
