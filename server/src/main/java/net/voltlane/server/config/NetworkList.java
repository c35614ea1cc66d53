package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.voltlane.server.guard.CidrSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;

/** Addresses and networks: a list in TOML; in a variable, and in TOML too, a text with commas between them. */
record NetworkList() implements ValueType<CidrSet> {

    @Override
    public @Nullable CidrSet ofText(String text) {
        return text.isBlank()
                ? CidrSet.EMPTY
                : CidrSet.of(
                        Arrays.stream(text.split(",", -1)).map(String::strip).toList());
    }

    @Override
    public @Nullable CidrSet ofToml(Object value) {
        if (value instanceof TomlArray array) {
            List<String> entries = new ArrayList<>();
            for (Object entry : array.toList()) {
                entries.add(String.valueOf(entry)); // what is no text is no network either
            }
            return CidrSet.of(entries);
        }
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public String toToml(CidrSet value) {
        return value.entries().stream().map(TomlText::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String expected() {
        return "a list of " + CidrSet.EXPECTED;
    }
}
