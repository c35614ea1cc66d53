package net.voltlane.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
                .contains("Type=notify", "ExecReload=/bin/kill -HUP $MAINPID", "RestartPreventExitStatus=2 78")
                // Where Netty unpacks its native code, see launch.sh.
                .contains("StateDirectory=voltlane")
                // A server that can't tell that it is ready would hang in its start for ever.
                .anyMatch(line -> line.matches("TimeoutStartSec=\\d+"));
        String timeout = lines.stream()
                .filter(line -> line.startsWith("TimeoutStopSec="))
                .findFirst()
                .orElseThrow();
        assertThat(Integer.parseInt(timeout.substring(timeout.indexOf('=') + 1)))
                .isGreaterThanOrEqualTo(ServerConfig.defaults().general().drainTimeoutSecs() + 5);
        assertThat(lines).anyMatch(line -> line.startsWith("WatchdogSec="));
    }

    @Test
    void itTakesAwayWhatTheServerDoesNotNeed() throws IOException {
        assertThat(Files.readAllLines(UNIT))
                .contains(
                        "CapabilityBoundingSet=",
                        "NoNewPrivileges=yes",
                        "ProtectSystem=strict",
                        "StateDirectoryMode=0700",
                        "SystemCallFilter=@system-service",
                        "SystemCallFilter=~@privileged @resources",
                        "SystemCallFilter=@chown", // else jcmd does not reach the JVM
                        "SystemCallErrorNumber=EPERM") // the JVM goes on without them
                .noneMatch(line -> line.startsWith("MemoryDenyWriteExecute="))
                .noneMatch(line -> line.startsWith("ProcSubset="))
                .noneMatch(line -> line.startsWith("DynamicUser="));
    }

    @Test
    void itsSandboxIsTight() throws Exception {
        Matcher version = Pattern.compile("\\d+").matcher(analyze("--version"));
        Assumptions.assumeTrue(
                version.find() && Integer.parseInt(version.group()) >= 250, "left out: systemd-analyze is too old");
        String report = analyze("security", "--offline=true", "--threshold=20", UNIT.toString());
        assertThat(report).containsPattern("Overall exposure level for voltlane.service: 1\\.\\d");
    }

    @Test
    void systemdUnderstandsIt(@TempDir Path directory) throws Exception {
        Path copy = directory.resolve("voltlane.service");
        // Nothing is installed here: a program that is there stands for the server.
        Files.writeString(
                copy,
                Files.readString(UNIT).replace("/opt/voltlane/bin/voltlane serve", "/bin/sh /opt/voltlane/voltlane"));
        assertThat(analyze("verify", copy.toString())).isEmpty();
    }

    /** Runs {@code systemd-analyze}, which must find nothing wrong, and returns what it prints. */
    private static String analyze(String... arguments) throws Exception {
        Path program = Path.of("/usr/bin/systemd-analyze");
        Assumptions.assumeTrue(Files.isExecutable(program), "left out: systemd-analyze is not installed");
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
