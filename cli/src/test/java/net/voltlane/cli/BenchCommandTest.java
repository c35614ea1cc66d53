package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void aReportThatCanNotBeWrittenIsRefusedBeforeTheRun() throws Exception {
        Path kept = Files.writeString(directory.resolve("kept.html"), "an older report");
        for (String place : List.of("no/such", "kept.html/x", ".")) {
            assertThat(run("bench", "echo", "--report", directory.resolve(place).toString()))
                    .isEqualTo(2);
        }
        assertThat(err.toString())
                .contains("option '--report'", "can't be written: its folder is not there", "it is a folder")
                .doesNotContain("started:");
        assertThat(out.toString()).isEmpty();
        assertThat(run("bench", "echo", "--report", kept.toString(), "--clients", "1", "--server", "127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(kept).as("nothing to report").hasContent("an older report");
        Path target = directory.resolve("target.html");
        Path link = Files.createSymbolicLink(directory.resolve("link.html"), target);
        assertThat(run("bench", "echo", "--report", link.toString(), "--clients", "1", "--server", "127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(Files.readSymbolicLink(link)).as("nothing to report").isEqualTo(target);
        assertThat(target).doesNotExist();
    }

    @Test
    void whereTheReportCanNotBeWrittenAfterTheRunTheResultIsPrintedAllTheSame() {
        assumeThat(Path.of("/dev/full")).exists();

        int status = run(
                "bench", "connect-storm", "--clients=2", "--rounds=1", "--warmup=0", "--json", "--report=/dev/full");

        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).contains("Nothing was lost", "--report /dev/full can't be written");
        assertThat(out.toString()).startsWith("{").endsWith("}\n");
    }

    @Test
    void aServerThatIsNotThereIsOneLineAndStatusOne() {
        int status = run("bench", "echo", "--clients", "1", "--server", "127.0.0.1:1");

        assertThat(status).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("can't connect");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFileOfTlsThatCanNotBeUsedIsOneLineAndStatusOne() {
        int status = run("bench", "echo", "--clients", "1", "--server", "tls://127.0.0.1:1", "--ca", "/nowhere.pem");

        assertThat(status).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("voltlane bench: /nowhere.pem: no such file (expected: a file in PEM)\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bench|SCENARIO",
                "bench nope|expected: echo, fan-out, connect-storm, resume-storm, tls-storm, idle or stalled",
                "bench echo --size 3|option '--size': 3 (expected: a whole number from 4 to 8388599)",
                "bench echo --clients 0|option '--clients': 0 (expected: a whole number from 1 to 1000000)",
                "bench echo --duration NaN|option '--duration': NaN (expected: seconds from",
                "bench echo --depth 2 --rate 5|option '--depth': 2 (expected: either --depth (closed loop) or --rate (open loop)",
                "bench fan-out --server 127.0.0.1:5|option '--server': 127.0.0.1:5 (expected: --backend HOST:PORT with it",
                "bench fan-out --backend 127.0.0.1:5|together with --server",
                "bench echo --server 127.0.0.1:5 --server-pid 2147483647|2147483647 (expected: a process on this machine)",
                "bench echo --server nowhere|option '--server': 'nowhere' (expected: host:port",
                "bench echo --server chat_server|option '--server': 'chat_server' (expected: host:port",
                "bench echo --server wss://bücher:x|option '--server': 'wss://bücher:x' (expected: host:port",
                "bench echo --server unix:x|option '--server': 'unix:x' (expected: host:port",
                "bench echo --server chat_server:42000 --ca x|option '--ca': x (expected: with a server's address that",
                "bench idle --rate 5|option '--rate': 5 (idle has no use for it, only echo, fan-out, stalled)",
                "bench echo --flood 20000|option '--flood': 20000 (echo has no use for it, only stalled)",
                "bench fan-out --depth 1|option '--depth': 1 (fan-out has no use for it, only echo)",
                "bench echo --rounds 0|option '--rounds': 0 (echo has no use for it, only connect-storm, resume-storm, tls-storm)",
                "bench connect-storm --size 64|option '--size': 64 (connect-storm has no use for it, only echo, fan-out",
                "bench idle --warmup 1|option '--warmup': 1 (idle has no use for it, only echo",
                "bench echo --protocol 4|option '--protocol': 4 (expected: a whole number from 2 to 3)",
                "bench echo --firehose 1|option '--firehose': 1 (expected: 2 or 3)",
                "bench echo --firehose 3 --server 127.0.0.1:5|option '--firehose': 3 (expected: without --server",
                "bench echo --server http://a:5|(expected: host:port, such as 127.0.0.1:42000 or [::1]:42000, or with tls://, ws:// or",
                "bench echo --server tls://a|(expected: host:port, such as",
                "bench echo --server 127.0.0.1:5 --ca x|option '--ca': x (expected: with a server's address that begins with",
                "bench echo --certificate x --key y|option '--certificate': x (expected: with an address that begins with",
                "bench echo --server wss://a --key y|option '--key': y (expected: together with --certificate)",
                "bench echo --server wss://a --certificate x|option '--certificate': x (expected: together with --key)",
                "bench tls-storm|option '--server': none (expected: an address that begins with tls:// or wss://",
                "bench tls-storm --server ws://a|option '--server': ws://a:80/ (expected: an address that begins with tls://",
                "bench tls-storm --server tls://a:1 --protocol 3|option '--protocol': 3 (tls-storm has no use for it",
                "bench connect-storm --server 127.0.0.1:5 --tls-resumed|option '--tls-resumed': true (expected: with",
                "bench echo --server tls://a:1 --tls-resumed|(echo has no use for it, only connect-storm)",
                "bench resume-storm --rounds 2 --duration 3|option '--rounds': 2 (expected: either --rounds or --duration)",
            })
    void aWrongCommandLineSaysWhatIsExpected(String line, String message) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }
}
