package net.voltlane.cli.ctl.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class VisibleTest {

    @Test
    void plainTextStaysInAnyLanguage() {
        assertThat(Visible.line("Grüße, 世界 🙂 \"x\" \\")).isEqualTo("Grüße, 世界 🙂 \"x\" \\");
    }

    @Test
    void whatATerminalWouldObeyOrHideIsEscaped() {
        assertThat(Visible.line("a\u001b[2Jb")).isEqualTo("a\\u001b[2Jb");
        assertThat(Visible.line("\u009b31m\u007f\r\n\t\0")).isEqualTo("\\u009b31m\\u007f\\u000d\\u000a\\u0009\\u0000");
        assertThat(Visible.line("x\u202ey\u2028z")).isEqualTo("x\\u202ey\\u2028z");
        assertThat(Visible.line("\ud800!")).isEqualTo("\\ud800!");
        assertThat(Visible.line(new String(Character.toChars(0xE0041)))).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void aDocumentKeepsItsLinesAndItsMeaning() {
        String hostile = "{\n\t\"a\": \"\u009b1m\u202e\"\n}";

        String shown = Visible.json(hostile);

        assertThat(shown).isEqualTo("{\n\t\"a\": \"\\u009b1m\\u202e\"\n}");
        assertThat(JsonParser.parseString(shown)).isEqualTo(JsonParser.parseString(hostile));
    }
}
