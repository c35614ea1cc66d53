package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;

/** Host names in lower case: a list in a file; in a variable separated by commas, or {@code []} for none. */
record HostNames() implements ValueType<List<String>> {
    private static final String NONE = "[]";
    private static final int MAX_LENGTH = 253;
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

    @Override
    public @Nullable List<String> ofText(String text) {
        return text.replace(" ", "").equals(NONE)
                ? List.of()
                : names(entries(text).toList());
    }

    @Override
    public @Nullable List<String> ofToml(Object value) {
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
        return names(entries);
    }

    private static @Nullable List<String> names(List<String> entries) {
        return entries.stream().allMatch(HostNames::isName)
                ? entries.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList()
                : null;
    }

    private static boolean isName(String text) {
        return text.length() <= MAX_LENGTH
                && NAME.matcher(text.toLowerCase(Locale.ROOT)).matches();
    }

    /** The entries of a list that are no names. */
    @Override
    public @Nullable String culprit(Object value) {
        if (!(value instanceof TomlArray list)) {
            return null;
        }
        return list.toList().stream()
                .filter(entry -> !(entry instanceof String text && isName(text.strip())))
                .map(entry -> entry instanceof String text ? TomlText.shown(text) : TomlSource.shown(entry))
                .collect(Collectors.joining(", "));
    }

    @Override
    public @Nullable String culpritOfText(String text) {
        if (text.isBlank()) {
            return null;
        }
        return entries(text)
                .filter(entry -> !isName(entry))
                .map(TomlText::shown)
                .collect(Collectors.joining(", "));
    }

    private static Stream<String> entries(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip);
    }

    @Override
    public Object plain(List<String> value) {
        return value;
    }

    @Override
    public String expected() {
        return "a list of host names without ports, such as [\"ops.example.com\"]; in a variable with commas between, or"
                + " [] for none";
    }
}
