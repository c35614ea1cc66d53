package net.voltlane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.voltlane.cli.ctl.FakeAdmin;
import net.voltlane.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code voltlane healthcheck} with a server that says what the test wants. */
class HealthcheckCommandTest {
    @TempDir
    Path directory;

    private final FakeAdmin admin = new FakeAdmin();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void stop() {
        admin.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|/livez|200|{'status':'ok','reasons':[]}|0|live",
                "--live|/livez|503|{'status':'failed','reasons':['a','b']}|1|not live: a; b",
                "--ready|/readyz|200|{'status':'ready','reasons':[]}|0|ready",
                "--ready|/readyz|503|{'status':'not ready','reasons':['draining']}|1|not ready: draining",
                "--ready|/readyz|503|{'status':'not ready'}|1|not ready",
                "--ready --json|/readyz|503|{'status':'not ready'}|1|{'status':'not ready'}",
            })
    void theStatusIsTheHealth(String options, String path, int http, String body, int status, String words) {
        admin.on("GET " + path, http, body.replace('\'', '"'));

        assertThat(run(options)).isEqualTo(status);

        assertThat(out.toString()).isEqualToIgnoringNewLines(words.replace('\'', '"'));
    }

    @Test
    void anotherServerIsNotHealthy() {
        admin.on("GET /livez", 200, "text/plain", "fine");

        assertThat(run("")).isEqualTo(1);
        assertThat(err.toString()).contains("this is not the admin server of a Voltlane");
    }

    @Test
    void aServerThatIsNotThereIsNotHealthy() {
        assertThat(execute("--address 127.0.0.1:" + Ports.free(), Map.of())).isEqualTo(1);
        assertThat(err.toString()).contains("is the server running?").hasLineCount(1);
    }

    @Test
    void aServerWithoutAnAdminServerIsAMistakeInTheConfiguration() {
        assertThat(execute("", Map.of("VOLTLANE_ADMIN_ADDRESS", ""))).isEqualTo(78);
    }

    @Test
    void bothAtOnceIsAUsageError() {
        assertThat(run("--live --ready")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--live", "--ready", "--ready --json"})
    void plainOptionsBypassPicocli(String options) {
        assertThat(new HealthcheckCommand(directory, Map.of()).setPlain(words(options)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--live --ready", "--address 127.0.0.1:1", "-c x", "--help", "extra"})
    void otherOptionsAreLeftToPicocli(String options) {
        assertThat(new HealthcheckCommand(directory, Map.of()).setPlain(words(options)))
                .isFalse();
    }

    private int run(String options) {
        return execute(options, Map.of("VOLTLANE_ADMIN_ADDRESS", admin.address().toString()));
    }

    private int execute(String options, Map<String, String> environment) {
        return new CommandLine(new HealthcheckCommand(directory, environment))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words(options).toArray(new String[0]));
    }

    private static List<String> words(String options) {
        return options.isEmpty() ? List.of() : List.of(options.split(" "));
    }
}
