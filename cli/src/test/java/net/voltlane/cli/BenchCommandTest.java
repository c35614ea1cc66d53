package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command in this process, with a server in one of its own. */
@Timeout(120)
class BenchCommandTest {

    private static final Pattern PROCESS = Pattern.compile("process (\\d+)");

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Commands.commandLine(Map.of("bench", BenchCommand::new))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void withoutAnAddressItStartsWhatItNeedsAndEndsIt() throws Exception {
        Path report = directory.resolve("report.html");

        int status = run(
                "bench",
                "echo",
                "--clients",
                "3",
                "--warmup",
                "0",
                "--duration",
                "0.2",
                "--json",
                "--report",
                report.toString());

        assertThat(status).as(err.toString()).isZero();
        assertThat(out.toString())
                .startsWith("{\n  \"scenario\": \"echo\",\n  \"fine\": true,")
                .endsWith("}\n");
        assertThat(err.toString()).contains("Nothing was lost", "3 sessions opened");
        assertThat(Files.readString(report)).startsWith("<!doctype html>").endsWith("</html>\n");
        Matcher started = PROCESS.matcher(err.toString());
        assertThat(started.find()).isTrue();
        assertThat(ProcessHandle.of(Long.parseLong(started.group(1))).filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void aReportThatCanNotBeWrittenIsOneLine() {
        int status = run(
                "bench",
                "connect-storm",
                "--clients",
                "2",
                "--rounds",
                "1",
                "--warmup",
                "0",
                "--report",
                directory.resolve("no/such").toString());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).contains("--report", "can't be written");
    }

    @Test
    void aServerThatIsNotThereIsOneLineAndStatusOne() {
        int status = run("bench", "echo", "--clients", "1", "--server", "127.0.0.1:1");

        assertThat(status).isEqualTo(1);
        assertThat(out.toString().lines()).singleElement().asString().contains("can't connect");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bench|SCENARIO",
                "bench nope|expected: echo, fan-out, connect-storm, resume-storm, idle or stalled",
                "bench echo --size 3|option '--size': 3 (expected: a whole number from 4 to 8388599)",
                "bench echo --clients 0|option '--clients': 0 (expected: a whole number from 1 to 1000000)",
                "bench echo --duration NaN|option '--duration': NaN (expected: seconds from",
                "bench echo --depth 2 --rate 5|option '--depth': 2 (expected: either --depth (closed loop) or --rate (open loop)",
                "bench fan-out --server 127.0.0.1:5|option '--server': 127.0.0.1:5 (expected: --backend HOST:PORT with it",
                "bench fan-out --backend 127.0.0.1:5|together with --server",
                "bench echo --server nowhere|expected: host:port",
                "bench idle --rate 5|option '--rate': 5 (expected: none for idle",
            })
    void aWrongCommandLineSaysWhatIsExpected(String line, String message) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }
}
