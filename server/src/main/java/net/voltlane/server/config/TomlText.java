package net.voltlane.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** Text as TOML and as messages show it. */
final class TomlText {

    private static final int MAX_SHOWN_CHARS = 80;

    private TomlText() {}

    /** A basic string of TOML, its quotes included. */
    static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /** A value as it is written in a TOML file; see {@link ValueType#plain}. */
    static String value(Object plain) {
        if (plain instanceof List<?> list) {
            return list.stream().map(TomlText::value).collect(Collectors.joining(", ", "[", "]"));
        }
        return plain instanceof String text ? quoted(text) : plain.toString();
    }

    /** For a message: on one line whatever is in it, and not long. */
    static String shown(String text) {
        String head = text.length() > MAX_SHOWN_CHARS ? text.substring(0, MAX_SHOWN_CHARS) + "…" : text;
        return head.isBlank() || head.chars().anyMatch(TomlText::isUnseen) ? quoted(head) : head;
    }

    /** A sentence of another program, which may quote its subject: on one line, with every character visible. */
    static String sentence(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().forEach(c -> append(out, (char) c));
        return out.toString();
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> append(out, c);
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, char c) {
        if (isUnseen(c)) {
            out.append(String.format("\\u%04x", (int) c));
        } else {
            out.append(c);
        }
    }

    /**
     * Controls, Unicode's own line ends, and what reorders or hides the text around it: to be seen it must be escaped.
     */
    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
