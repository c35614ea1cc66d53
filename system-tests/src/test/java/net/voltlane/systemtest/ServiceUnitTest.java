package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.voltlane.server.config.ServerConfig;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit for systemd that comes with the project. */
class ServiceUnitTest {
    private static final Path UNIT = Path.of("..", "deploy", "systemd", "voltlane.service");

    @Test
    void itFitsWhatTheServerTellsAndDoes() throws IOException {
        List<String> lines = Files.readAllLines(UNIT);
        assertThat(lines)
                .contains("Type=notify", "ExecReload=/bin/kill -HUP $MAINPID", "RestartPreventExitStatus=2 78");
        String timeout = lines.stream()
                .filter(line -> line.startsWith("TimeoutStopSec="))
                .findFirst()
                .orElseThrow();
        assertThat(Integer.parseInt(timeout.substring(timeout.indexOf('=') + 1)))
                .isGreaterThanOrEqualTo(ServerConfig.defaults().general().drainTimeoutSecs() + 5);
        assertThat(lines).anyMatch(line -> line.startsWith("WatchdogSec="));
    }

    @Test
    void systemdUnderstandsIt(@TempDir Path directory) throws Exception {
        Path analyze = Path.of("/usr/bin/systemd-analyze");
        Assumptions.assumeTrue(Files.isExecutable(analyze), "left out: systemd-analyze is not installed");
        Path copy = directory.resolve("voltlane.service");
        // Nothing is installed here: a program that is there stands for the server.
        Files.writeString(
                copy,
                Files.readString(UNIT).replace("/opt/voltlane/bin/voltlane serve", "/bin/sh /opt/voltlane/voltlane"));
        Process process = new ProcessBuilder(analyze.toString(), "verify", copy.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEmpty();
        assertThat(process.exitValue()).isZero();
    }
}
