package net.voltlane.cli.manual;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoffTest {
    /** A line that begins with a dot or an apostrophe would be a command, and would not be seen. */
    @Test
    void textIsNoCommand() {
        assertThat(new Roff().line(".env is read\n'quoted'").toString())
                .isEqualTo("\\&.env is read\n.br\n\\&'quoted'\n");
    }

    @Test
    void whatIsTypedCanBeCopied() {
        assertThat(Roff.bold("--a\\b")).isEqualTo("\\fB\\-\\-a\\eb\\fR");
    }

    @Test
    void marksForColoursAreTakenOut() {
        assertThat(new Roff().paragraph("a @|bold b|@").toString()).isEqualTo(".PP\na b\n");
    }
}
