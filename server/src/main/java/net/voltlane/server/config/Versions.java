package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.List;
import net.voltlane.protocol.Limits;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;

/** Versions of the client link, in ascending order: a list in a file; in a variable separated by commas. */
record Versions() implements ValueType<List<Integer>> {
    static final List<Integer> ALL = List.of(Limits.PROTOCOL_VERSION, Limits.PROTOCOL_VERSION_3);

    @Override
    public @Nullable List<Integer> ofText(String text) {
        String stripped = text.strip();
        boolean isInBrackets = stripped.startsWith("[") && stripped.endsWith("]") && stripped.length() > 1;
        String entries = isInBrackets ? stripped.substring(1, stripped.length() - 1) : stripped;
        List<Object> numbers = new ArrayList<>();
        for (String entry : entries.split(",", -1)) {
            Long number = new WholeNumber(0, Integer.MAX_VALUE).ofText(entry);
            if (number == null) {
                return null;
            }
            numbers.add(number);
        }
        return of(numbers);
    }

    @Override
    public @Nullable List<Integer> ofToml(Object value) {
        return value instanceof TomlArray list ? of(list.toList()) : null;
    }

    /** Returns the versions among {@link #ALL} that are named; null where none is, or something else too. */
    private static @Nullable List<Integer> of(List<?> numbers) {
        List<Integer> versions =
                ALL.stream().filter(version -> numbers.contains((long) version)).toList();
        boolean isAll =
                numbers.stream().allMatch(number -> ALL.stream().anyMatch(known -> number.equals((long) known)));
        return versions.isEmpty() || !isAll ? null : versions;
    }

    @Override
    public Object plain(List<Integer> value) {
        return value.stream().map(Integer::longValue).toList();
    }

    @Override
    public String expected() {
        return "a list of one or more of 2, 3, such as [2, 3]; in a variable with commas between";
    }
}
