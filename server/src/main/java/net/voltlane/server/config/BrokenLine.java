package net.voltlane.server.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A guess at the meaning of a line that the parser does not understand. The parser reports characters, but the operator
 * thinks of keys. Most often a value lacks its quotes.
 */
final class BrokenLine {
    private static final Pattern HEADER = Pattern.compile("\\s*\\[([A-Za-z0-9_-]+)\\]\\s*(#.*)?");
    private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z0-9_-]+)\\s*=\\s*(.*)");
    private static final Pattern COMMENT = Pattern.compile("\\s+#.*$");

    private BrokenLine() {}

    /**
     * {@code section.key: value (expected: …)}, or null where the line does not look like a key that there is.
     *
     * @param lines the file
     * @param number of the line, from 1
     */
    static @Nullable String hint(List<String> lines, int number) {
        if (number < 1 || number > lines.size()) {
            return null;
        }
        Matcher setting = SETTING.matcher(lines.get(number - 1));
        if (!setting.matches()) {
            return null;
        }
        String section = section(lines, number - 1);
        for (Key<?> key : Catalogue.ALL) {
            if (key.section().equals(section) && key.name().equals(setting.group(1))) {
                return hint(
                        key, COMMENT.matcher(setting.group(2)).replaceFirst("").strip());
            }
        }
        return null;
    }

    private static <T> String hint(Key<T> key, String written) {
        T meant = key.type().ofText(written);
        String right = meant == null ? "" : key.type().toToml(meant);
        boolean lacksQuotes = right.startsWith("\"") && !written.isEmpty() && "\"'".indexOf(written.charAt(0)) < 0;
        return key.path() + ": " + (written.isEmpty() ? "no value" : TomlText.shown(written)) + " (expected: "
                + (lacksQuotes ? "quotes around it, as in " + right : key.type().expected()) + ")";
    }

    private static @Nullable String section(List<String> lines, int before) {
        for (int i = before - 1; i >= 0; i--) {
            Matcher header = HEADER.matcher(lines.get(i));
            if (header.matches()) {
                return header.group(1);
            }
        }
        return null;
    }
}
