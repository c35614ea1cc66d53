package net.voltlane.cli.manual;

import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** A text in roff, the language of {@code man}, that grows from its top to its end. */
final class Roff {
    private final StringBuilder text = new StringBuilder();

    /** The head of a page. It has no date, so that the same commands give the same page. */
    Roff title(String name, String version) {
        text.append(".TH \"")
                .append(escaped(name.toUpperCase(Locale.ROOT)))
                .append("\" 1 \"\" \"")
                .append(escaped(version))
                .append("\" \"\"\n");
        return this;
    }

    Roff section(String name) {
        text.append(".SH ").append(name).append('\n');
        return this;
    }

    /** A paragraph; lines of the text begin lines of the page. */
    Roff paragraph(String words) {
        text.append(".PP\n");
        return line(words);
    }

    /** An entry of a list: what it is about stands out, and has its words below. {@code tag} is roff, see {@link #bold}. */
    Roff entry(String tag, String words) {
        text.append(".TP\n").append(tag).append('\n');
        return line(words);
    }

    /** Words that go on where the text is. */
    Roff line(String words) {
        text.append(escaped(plain(words)).replace("\n", "\n.br\n")).append('\n');
        return this;
    }

    /** A line that is roff already. */
    Roff raw(String line) {
        text.append(line).append('\n');
        return this;
    }

    /** Roff for words as they are typed. */
    static String bold(String words) {
        return "\\fB" + escaped(words) + "\\fR";
    }

    /** Roff for what stands for something else. */
    static String italic(String words) {
        return "\\fI" + escaped(words) + "\\fR";
    }

    /** The text without picocli's marks for colours. */
    private static String plain(String words) {
        return Ansi.OFF.string(words);
    }

    /** Hyphens are made minus signs, because what is copied from a page and typed has to have those. */
    static String escaped(String words) {
        String escaped = words.replace("\\", "\\e").replace("-", "\\-");
        return escaped.replaceAll("(?m)^([.'])", "\\\\&$1");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
