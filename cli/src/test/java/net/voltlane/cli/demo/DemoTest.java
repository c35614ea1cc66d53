package net.voltlane.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DemoTest {

    @Test
    void aShortShowOfTheRealThingLosesNothing() throws Exception {
        StringWriter out = new StringWriter();

        boolean perfect = new Demo(9, 1).run(new PrintWriter(out), false);

        assertThat(perfect).as(out.toString()).isTrue();
        assertThat(out.toString())
                .contains("9 clients", "Nothing was lost or mixed up.")
                .contains("clients.missed_packets_buffer_size = 10000", "default, 0, the first packet for an")
                .containsPattern("cut off +3 ")
                .containsPattern("resumed +3 ")
                .containsPattern("caught up on [1-9]");
    }
}
