package net.voltlane.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DotEnvTest {

    static List<Arguments> statements() {
        return List.of(
                Arguments.of("A=1", "1"),
                Arguments.of("A=1\n", "1"),
                Arguments.of("A=1\r\n", "1"),
                Arguments.of("export A=1", "1"),
                Arguments.of("  export\tA=1", "1"),
                Arguments.of("A = 1 ", "1"),
                Arguments.of("A=", ""),
                Arguments.of("A=   # nothing", ""),
                Arguments.of("A=''", ""),
                Arguments.of("A=\"\"", ""),
                Arguments.of("A=a b", "a b"),
                Arguments.of("A=a b   # c", "a b"),
                Arguments.of("A=a#b", "a#b"),
                Arguments.of("A=#b", "#b"),
                Arguments.of("A=a=b", "a=b"),
                Arguments.of("A='a # b' # c", "a # b"),
                Arguments.of("A='a\\n\"b\"'", "a\\n\"b\""),
                Arguments.of("A=\"a\\n\\r\\t\\\"\\\\\\$b\"", "a\n\r\t\"\\$b"),
                Arguments.of("A=\"a\\qb\"", "a\\qb"),
                Arguments.of("A=\"it's\"", "it's"),
                Arguments.of("A=\" a \"", " a "),
                Arguments.of("A=a\"b c\"'d'", "ab cd"),
                Arguments.of("A=a\\ b\\#c\\\\d", "a b#c\\d"),
                Arguments.of("A=C:\\new", "C:\\new"),
                Arguments.of("A=\"one\ntwo\"", "one\ntwo"),
                Arguments.of("A=\"one\r\ntwo\"", "one\ntwo"),
                Arguments.of("A=127.0.0.1:42000", "127.0.0.1:42000"));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void aStatementSetsAVariable(String text, String value) {
        assertThat(DotEnv.parse(text)).containsExactly(new DotEnv.Entry("A", value, 1));
    }

    @Test
    void commentsAndEmptyLinesSetNothing() {
        assertThat(DotEnv.parse("\n# A=1\n   \n\t# B=2\n\r\n")).isEmpty();
    }

    @Test
    void linesAreCountedThroughValuesThatSpanSeveral() {
        assertThat(DotEnv.parse("A='1\n2\n3'\n\nB=2\nB=3"))
                .containsExactly(
                        new DotEnv.Entry("A", "1\n2\n3", 1),
                        new DotEnv.Entry("B", "2", 5),
                        new DotEnv.Entry("B", "3", 6));
    }

    @Test
    void aFaultIsToldByLineWithoutTheContentAndTheNextLineIsRead() {
        List<DotEnv.Statement> statements = DotEnv.parse("A=1\nsecret\n1B=2\nexport\n=3\nC='secret\nD=4\n-E=5");

        assertThat(statements)
                .filteredOn(DotEnv.Entry.class::isInstance)
                .containsExactly(new DotEnv.Entry("A", "1", 1), new DotEnv.Entry("D", "4", 7));
        assertThat(statements)
                .filteredOn(DotEnv.Fault.class::isInstance)
                .extracting(DotEnv.Statement::line)
                .containsExactly(2, 3, 4, 5, 6, 8);
        assertThat(statements.toString()).doesNotContain("secret");
    }
}
