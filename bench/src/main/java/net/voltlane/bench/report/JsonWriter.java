package net.voltlane.bench.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes one JSON document, indented. Names and values in the order in which they are given. */
final class JsonWriter {

    private static final String INDENT = "  ";
    private static final int DECIMALS = 3;

    private final StringBuilder out = new StringBuilder();
    private int depth;
    private boolean first = true;

    static String object(Consumer<JsonWriter> members) {
        JsonWriter writer = new JsonWriter();
        writer.nested('{', '}', members);
        return writer.out.append('\n').toString();
    }

    void object(String name, Consumer<JsonWriter> members) {
        name(name);
        nested('{', '}', members);
    }

    /** An array with an object for each. */
    <T> void array(String name, List<T> all, Element<T> each) {
        name(name);
        nested(
                '[',
                ']',
                writer -> all.forEach(one -> {
                    item();
                    nested('{', '}', inner -> each.members(inner, one));
                }));
    }

    void strings(String name, List<String> all) {
        name(name);
        nested(
                '[',
                ']',
                writer -> all.forEach(one -> {
                    item();
                    quoted(one);
                }));
    }

    void put(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            out.append("null");
        } else {
            quoted(value);
        }
    }

    void put(String name, boolean value) {
        name(name);
        out.append(value);
    }

    void put(String name, long value) {
        name(name);
        out.append(value);
    }

    /** To three decimals; JSON has no word for what is no number. */
    void put(String name, double value) {
        name(name);
        if (Double.isFinite(value)) {
            out.append(BigDecimal.valueOf(value)
                    .setScale(DECIMALS, RoundingMode.HALF_UP)
                    .stripTrailingZeros()
                    .toPlainString());
        } else {
            out.append("null");
        }
    }

    /** The members of an array's object. */
    interface Element<T> {
        void members(JsonWriter writer, T one);
    }

    private void nested(char open, char close, Consumer<JsonWriter> inside) {
        out.append(open);
        depth++;
        first = true;
        inside.accept(this);
        depth--;
        if (!first) {
            newLine();
        }
        out.append(close);
        first = false;
    }

    private void item() {
        if (!first) {
            out.append(',');
        }
        first = false;
        newLine();
    }

    private void name(String name) {
        item();
        quoted(name);
        out.append(": ");
    }

    private void newLine() {
        out.append('\n').append(INDENT.repeat(depth));
    }

    private void quoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(Texts.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
