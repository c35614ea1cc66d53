package net.voltlane.systemtest.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.voltlane.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Has Node run the tests of the JavaScript SDK, where it is installed. They start the server by the JDK and the class
 * path of this test, which the environment names. Tests that Node has left out are printed with the reason: TypeScript
 * or Chromium is missing, for example. Where {@link Tools#REQUIRED programs are required}, they fail.
 */
class JavaScriptSdkTest {
    private static final int LIMIT_SECONDS = 300;
    /** Files of tests that Node runs at a time. Most of them wait for processes or timers. */
    private static final String CONCURRENCY = "--test-concurrency=5";

    private static final Pattern LEFT_OUT = Pattern.compile("^ *ok \\d+ - (.*) # SKIP (.*)$", Pattern.MULTILINE);
    private static final Path SDK = Path.of("../sdk/javascript");

    @Test
    @Timeout(LIMIT_SECONDS + 30)
    void itsTestsPassOnNode(@TempDir Path folder) throws Exception {
        Tools.needNode();
        List<String> command = new ArrayList<>(List.of("node", "--test", "--test-reporter=tap"));
        if (nodeKnows(CONCURRENCY)) {
            command.add(CONCURRENCY);
        }
        try (Stream<Path> tests = Files.list(SDK.resolve("test"))) {
            tests.filter(file -> file.toString().endsWith(".test.js"))
                    .sorted()
                    .forEach(file -> command.add(SDK.relativize(file).toString()));
        }
        assertThat(command).as("the tests of sdk/javascript").hasSizeGreaterThan(10);

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
            List<String> leftOut = LEFT_OUT.matcher(report)
                    .results()
                    .map(test -> "%s (%s)".formatted(test.group(1), test.group(2)))
                    .toList();
            leftOut.forEach(test -> System.out.println("Left out: " + test));
            if (Tools.areRequired()) {
                assertThat(leftOut).as("tests that were left out").isEmpty();
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static boolean nodeKnows(String option) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("node", option, "--version")
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    private static String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(path.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
