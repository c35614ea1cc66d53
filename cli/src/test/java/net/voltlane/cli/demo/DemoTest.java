package net.voltlane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class DemoTest {

    @ParameterizedTest
    @EnumSource(names = {"TCP", "MIXED"})
    void aShortShowOfTheRealThingLosesNothing(Transports transports) throws Exception {
        StringWriter out = new StringWriter();

        boolean perfect = new Demo(20, 1, transports).run(new PrintWriter(out), false);

        assertThat(perfect).as(out.toString()).isTrue();
        assertThat(out.toString())
                .contains("20 clients", "Nothing was lost, and nothing came twice.")
                .containsPattern("lost +0\\n")
                .containsPattern("twice +0\\n")
                .containsPattern("cut +[1-9].* [1-9][0-9]* connections of clients, and [1-9][0-9]* of the backend")
                .containsPattern("saved +[1-9]");
    }
}
