package net.voltlane.cli.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.IgnoredSignals;
import net.voltlane.testkit.PseudoTerminal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code voltlane ctl top} in a terminal of its own, which the program {@code script} makes. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class TopTerminalTest {
    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";

    @TempDir
    Path directory;

    private final FakeAdmin admin = new FakeAdmin();

    @BeforeEach
    void start() throws Exception {
        PseudoTerminal.assumeAvailable();
        admin.on("GET /api/v1/status", 200, FakeAdmin.STATUS);
        for (String sort : new String[] {"-waiting", "-traffic", "-opened"}) {
            admin.on(
                    "GET /api/v1/sessions?limit=100&sort=" + sort,
                    200,
                    "{\"sessions\":[{\"id\":\"42\",\"state\":\"live\"}]}");
        }
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @Test
    void keysWorkAndTheTerminalIsAsBeforeAfterQuitting() throws Exception {
        Process terminal = top();
        try (OutputStream keyboard = terminal.getOutputStream()) {
            await("The slowest sessions");
            type(keyboard, "ss");
            await("The newest sessions");
            type(keyboard, "p");
            await("PAUSED");
            type(keyboard, "q");
            ended(terminal, 0);
        }
    }

    @Test
    void theTerminalIsAsBeforeAfterCtrlC() throws Exception {
        IgnoredSignals.assumeHeard("INT");
        Process terminal = top();
        try (OutputStream keyboard = terminal.getOutputStream()) {
            await("The slowest sessions");
            type(keyboard, "\u0003");
            ended(terminal, 130);
        }
    }

    /** Waits for a text on the screen. */
    private void await(String text) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> screen().contains(text));
    }

    private void ended(Process terminal, int status) throws Exception {
        assertThat(terminal.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(screen()).containsSubsequence(ENTER, "\u001b[7mVoltlane 0.1.0", LEAVE, "status " + status);
        assertThat(directory.resolve("after")).hasSameTextualContentAs(directory.resolve("before"));
    }

    private Process top() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path run = Files.writeString(
                directory.resolve("run"),
                String.join(
                        "\n",
                        "stty rows 24 cols 80",
                        "stty -g > before",
                        "trap : INT",
                        java + " -XX:TieredStopAtLevel=1 -Dvoltlane.terminal=true -Dfile.encoding=UTF-8 -cp '"
                                + classPath + "' net.voltlane.cli.Voltlane ctl top --address " + admin.address(),
                        "echo status $?",
                        "stty -g > after"));
        ProcessBuilder builder = new ProcessBuilder("script", "-qfec", "sh " + run, "screen")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"));
        builder.environment().put("TERM", "xterm");
        builder.environment().remove("NO_COLOR");
        return builder.start();
    }

    private String screen() throws IOException {
        Path screen = directory.resolve("screen");
        return Files.exists(screen) ? Files.readString(screen) : "";
    }

    private static void type(OutputStream keyboard, String keys) throws IOException {
        keyboard.write(keys.getBytes(StandardCharsets.US_ASCII));
        keyboard.flush();
    }
}
