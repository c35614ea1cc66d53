package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Any {@code .env} is read without ado or refused in words for an operator; every value can be written in quotes. */
final class DotEnvFuzzTest {

    @FuzzTest
    void anyFile(byte[] file) throws IOException {
        ConfigDirectory directory = new ConfigDirectory();
        directory.write(".env", file);
        directory.load();
        String text = new String(file, StandardCharsets.UTF_8);
        statements(text);
        quoted(text);
    }

    private static void statements(String text) {
        int line = 0;
        long lines = text.chars().filter(c -> c == '\n').count() + 1;
        for (DotEnv.Statement statement : DotEnv.parse(text)) {
            assertThat((long) statement.line()).isBetween(line + 1L, lines);
            line = statement.line();
            if (statement instanceof DotEnv.Entry entry) {
                assertThat(entry.name()).matches("[A-Za-z_][A-Za-z_0-9]*");
            }
        }
    }

    private static void quoted(String value) {
        String escaped = value.replaceAll("[\\\\\"$]", "\\\\$0").replace("\r", "\\r");
        assertThat(DotEnv.parse("A=\"" + escaped + "\"\nB=1")).satisfies(found -> isAandB(found, value));
        if (!value.contains("'") && !value.contains("\r\n")) {
            assertThat(DotEnv.parse("A='" + value + "'\nB=1")).satisfies(found -> isAandB(found, value));
        }
    }

    private static void isAandB(List<? extends DotEnv.Statement> found, String value) {
        assertThat(found).hasSize(2);
        assertThat(found.get(0)).isEqualTo(new DotEnv.Entry("A", value, 1));
        assertThat(((DotEnv.Entry) found.get(1)).value()).isEqualTo("1");
    }
}
