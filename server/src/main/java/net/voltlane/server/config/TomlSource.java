package net.voltlane.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Takes the text of one configuration file into settings. The parser goes on after an error, and so does this. */
final class TomlSource {

    private record Located(int line, String message) {}

    private final String file;
    private final Path folder;
    private final Settings settings;
    private final TomlParseResult document;
    private final List<String> lines;
    private final Set<Integer> brokenLines = new TreeSet<>();
    private final List<Located> errors = new ArrayList<>();

    private TomlSource(String file, Path folder, String text, TomlParseResult document, Settings settings) {
        this.file = file;
        this.folder = folder;
        this.settings = settings;
        this.document = document;
        this.lines = text.lines().toList();
    }

    /**
     * Sets what the text sets.
     *
     * @param file the name that errors and origins carry
     * @param folder what relative paths are relative to
     */
    static void read(String file, String text, Path folder, Settings settings, Problems problems) {
        TomlParseResult document;
        try {
            document = Toml.parse(withoutComments(text));
        } catch (RuntimeException | AssertionError bug) {
            // The parser has failed. The file is most likely wrong as well, and a stack trace would not help to correct
            // it.
            problems.error(file + ": not understood by the parser (expected: TOML 1.0)");
            return;
        }
        TomlSource source = new TomlSource(file, folder, text, document, settings);
        source.syntaxErrors();
        source.sections();
        source.errors.stream()
                .sorted((one, other) -> Integer.compare(one.line(), other.line()))
                .forEach(error -> problems.error(file + ":" + error.line() + ": " + error.message()));
    }

    /**
     * The text with its comments as empty lines. Most of the file is comments, and parsing them takes a twentieth of a
     * start. A text with strings of several lines stays as it is, because these may look like comments.
     */
    private static String withoutComments(String text) {
        if (text.contains("\"\"\"") || text.contains("'''")) {
            return text;
        }
        return Arrays.stream(text.split("\n", -1))
                // One with a carriage return in it is for the parser to refuse.
                .map(line -> line.stripLeading().startsWith("#") && line.indexOf('\r') < 0 ? "" : line)
                .collect(Collectors.joining("\n"));
    }

    private void syntaxErrors() {
        for (TomlParseError error : document.errors()) {
            int line = error.position().line();
            if (brokenLines.add(line)) {
                String hint = BrokenLine.hint(lines, line);
                errors.add(
                        new Located(line, hint != null ? hint : TomlText.sentence(String.valueOf(error.getMessage()))));
            }
        }
    }

    private void sections() {
        for (String name : document.keySet()) {
            List<String> path = List.of(name);
            Object value = document.get(path);
            if (value instanceof TomlTable table) {
                section(name, table);
            } else if (sectionNames().contains(name)) {
                error(path, name + ": " + shown(value) + " (expected: a section [" + name + "])");
            } else {
                unknownKey(path, "");
            }
        }
    }

    /** Reports a misspelt section once, and reads its keys as those of the section that was meant. */
    private void section(String written, TomlTable table) {
        String meant = sectionNames().contains(written) ? written : Nearest.to(written, sectionNames());
        if (!written.equals(meant)) {
            String expected = meant == null ? "one of " + String.join(", ", sectionNames()) : meant;
            error(List.of(written), TomlText.shown(written) + ": unknown section (expected: " + expected + ")");
        }
        if (meant != null) {
            for (String name : table.keySet()) {
                value(List.of(written, name), meant, table.get(List.of(name)));
            }
        }
    }

    private void value(List<String> path, String section, @Nullable Object value) {
        Key<?> key = Catalogue.ALL.stream()
                .filter(k -> k.section().equals(section) && k.name().equals(path.get(1)))
                .findFirst()
                .orElse(null);
        if (key == null) {
            unknownKey(path, section);
        } else if (value != null) {
            set(path, key, value);
        }
    }

    private <T> void set(List<String> path, Key<T> key, Object found) {
        T value = key.type().ofToml(found);
        if (value != null) {
            settings.set(key, key.type().from(folder, value), file + ":" + line(path));
        } else {
            String culprit = key.type().culprit(found);
            String text = culprit != null ? culprit : shown(found, key.type());
            error(path, key.path() + ": " + text + " (expected: " + key.type().expectedInsteadOf(found) + ")");
        }
    }

    private static String shown(Object found, ValueType<?> type) {
        return found instanceof String text && !isNumber(type) ? TomlText.shown(text) : shown(found);
    }

    /** True for numbers: a number in quotes is a mistake that shows only with its quotes. */
    private static boolean isNumber(ValueType<?> type) {
        return type instanceof WholeNumber || type instanceof NumberOrWord;
    }

    private void unknownKey(List<String> path, String section) {
        error(
                path,
                TomlText.shown(String.join(".", path)) + ": unknown key (expected: "
                        + suggestion(path.get(path.size() - 1), section) + ")");
    }

    /** Suggests a key of that name in another section, else a similar key of this section, else all keys. */
    private static String suggestion(String written, String section) {
        for (Key<?> key : Catalogue.ALL) {
            if (key.name().equals(written)) {
                return key.path();
            }
        }
        List<Key<?>> candidates = section.isEmpty() ? Catalogue.ALL : keysOf(section);
        String nearest = Nearest.to(written, candidates.stream().map(Key::name).toList());
        return candidates.stream()
                .filter(key -> nearest == null || key.name().equals(nearest))
                .map(key -> nearest == null ? key.name() : key.path())
                .limit(nearest == null ? Catalogue.ALL.size() : 1)
                .collect(Collectors.joining(", ", nearest == null ? "one of " : "", ""));
    }

    private static List<Key<?>> keysOf(String section) {
        List<Key<?>> keys = new ArrayList<>();
        for (Key<?> key : Catalogue.ALL) {
            if (key.section().equals(section)) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static List<String> sectionNames() {
        return Catalogue.ALL.stream().map(Key::section).distinct().toList();
    }

    private void error(List<String> path, String message) {
        int line = line(path);
        if (!isInBrokenSection(line)) {
            errors.add(new Located(line, message));
        }
    }

    /** Below a broken header the parser takes keys for those of the section before: it would be wrong to blame them. */
    private boolean isInBrokenSection(int line) {
        for (int header = line; header >= 1; header--) {
            if (header <= lines.size() && lines.get(header - 1).strip().startsWith("[")) {
                return brokenLines.contains(header);
            }
        }
        return false;
    }

    private int line(List<String> path) {
        var position = document.inputPositionOf(path);
        return position == null ? 1 : position.line();
    }

    static String shown(@Nullable Object value) {
        if (value instanceof TomlTable) {
            return "a table";
        } else if (value instanceof TomlArray) {
            return "a list";
        } else if (value instanceof String text) {
            return TomlText.quoted(text);
        }
        return String.valueOf(value);
    }
}
