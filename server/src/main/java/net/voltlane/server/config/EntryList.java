package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;

/**
 * A list of texts of one kind: a list in a file; in a variable separated by commas, or {@code []} for none.
 *
 * <p>An empty text is no list, unless it is an entry. It is most often a variable in which another one expanded to nothing,
 * and a list without entries could let everybody in.
 */
abstract class EntryList<T> implements ValueType<T> {
    private static final String NONE = "[]";

    /** True if a text, without blanks around it, is an entry. */
    abstract boolean isEntry(String text);

    /** The value with these entries, all of which are some. */
    abstract @Nullable T of(List<String> entries);

    private @Nullable T ofAll(List<String> entries) {
        return entries.stream().allMatch(this::isEntry) ? of(entries) : null;
    }

    @Override
    public final @Nullable T ofText(String text) {
        return text.replace(" ", "").equals(NONE)
                ? of(List.of())
                : ofAll(entries(text).toList());
    }

    @Override
    public final @Nullable T ofToml(Object value) {
        if (!(value instanceof TomlArray list)) {
            return null;
        }
        List<String> entries = new ArrayList<>();
        for (Object entry : list.toList()) {
            if (!(entry instanceof String text)) {
                return null;
            }
            entries.add(text.strip());
        }
        return ofAll(entries);
    }

    /** The parts of a list that are no entries. */
    @Override
    public final @Nullable String culprit(Object value) {
        if (!(value instanceof TomlArray list)) {
            return null;
        }
        return list.toList().stream()
                .filter(entry -> !(entry instanceof String text && isEntry(text.strip())))
                .map(entry -> entry instanceof String text ? TomlText.shown(text) : TomlSource.shown(entry))
                .collect(Collectors.joining(", "));
    }

    @Override
    public final @Nullable String culpritOfText(String text) {
        if (text.isBlank()) {
            return null;
        }
        return entries(text)
                .filter(entry -> !isEntry(entry))
                .map(TomlText::shown)
                .collect(Collectors.joining(", "));
    }

    private static Stream<String> entries(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip);
    }
}
