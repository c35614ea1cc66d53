package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.voltlane.server.guard.CidrSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;

/** Addresses and networks: a list in a file; in a variable separated by commas, or {@code []} for none. */
record Networks() implements ValueType<CidrSet> {
    private static final String NONE = "[]";

    /**
     * Refuses an empty text. It is most often a variable in which another one expanded to nothing, and as a list without
     * entries it would let everybody in. An empty list is written {@code []}.
     */
    @Override
    public @Nullable CidrSet ofText(String text) {
        return text.replace(" ", "").equals(NONE)
                ? CidrSet.EMPTY
                : CidrSet.of(entries(text).toList());
    }

    @Override
    public @Nullable CidrSet ofToml(Object value) {
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
        return CidrSet.of(entries);
    }

    /** The entries of a list that are no networks. */
    @Override
    public @Nullable String culprit(Object value) {
        if (!(value instanceof TomlArray list)) {
            return null;
        }
        return list.toList().stream()
                .filter(entry -> !(entry instanceof String text && CidrSet.isEntry(text.strip())))
                .map(entry -> entry instanceof String text ? TomlText.shown(text) : TomlSource.shown(entry))
                .collect(Collectors.joining(", "));
    }

    @Override
    public @Nullable String culpritOfText(String text) {
        if (text.isBlank()) {
            return null;
        }
        return entries(text)
                .filter(entry -> !CidrSet.isEntry(entry))
                .map(TomlText::shown)
                .collect(Collectors.joining(", "));
    }

    private static Stream<String> entries(String text) {
        return Arrays.stream(text.split(",", -1)).map(String::strip);
    }

    @Override
    public Object plain(CidrSet value) {
        return value.entries();
    }

    @Override
    public String expected() {
        return "a list of addresses or networks, such as [\"192.0.2.7\", \"10.0.0.0/8\", \"2001:db8::/32\"];"
                + " in a variable with commas between, or [] for none";
    }
}
