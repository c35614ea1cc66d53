package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;

/**
 * Origins of web pages, in lower case and as browsers send them: a list in a file; in a variable separated by commas, or
 * {@code []} for none.
 */
record Origins() implements ValueType<List<String>> {
    private static final String NONE = "[]";
    private static final int MAX_LENGTH = 300;
    private static final Pattern ORIGIN =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9_.-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");
    /** The origin of pages that have none, such as files. */
    private static final String OPAQUE = "null";

    @Override
    public @Nullable List<String> ofText(String text) {
        return text.replace(" ", "").equals(NONE)
                ? List.of()
                : origins(entries(text).toList());
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
        return origins(entries);
    }

    private static @Nullable List<String> origins(List<String> entries) {
        List<String> origins =
                entries.stream().map(Origins::origin).filter(Objects::nonNull).toList();
        return origins.size() == entries.size() ? origins : null;
    }

    /** The origin as browsers send it, without a default port; null if it is none. */
    private static @Nullable String origin(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals(OPAQUE)) {
            return lower;
        }
        Matcher parts = ORIGIN.matcher(lower);
        if (lower.length() > MAX_LENGTH || !parts.matches()) {
            return null;
        }
        String scheme = parts.group(1);
        boolean isDefault = scheme.equals("https") && "443".equals(parts.group(3))
                || scheme.equals("http") && "80".equals(parts.group(3));
        return isDefault ? scheme + "://" + parts.group(2) : lower;
    }

    /** The entries of a list that are no origins. */
    @Override
    public @Nullable String culprit(Object value) {
        if (!(value instanceof TomlArray list)) {
            return null;
        }
        return list.toList().stream()
                .filter(entry -> !(entry instanceof String text && origin(text.strip()) != null))
                .map(entry -> entry instanceof String text ? TomlText.shown(text) : TomlSource.shown(entry))
                .collect(Collectors.joining(", "));
    }

    @Override
    public @Nullable String culpritOfText(String text) {
        if (text.isBlank()) {
            return null;
        }
        return entries(text)
                .filter(entry -> origin(entry) == null)
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
        return "a list of origins without paths, such as [\"https://example.com\"]; in a variable with commas between, or []"
                + " for none";
    }
}
