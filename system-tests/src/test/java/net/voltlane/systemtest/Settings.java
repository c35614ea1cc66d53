package net.voltlane.systemtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A configuration file in the making: keys by section, written as TOML. */
final class Settings {
    private final Map<String, Map<String, Object>> sections = new TreeMap<>();

    /** Sets {@code section.key} to a number, a text, or a list of them. */
    Settings set(String path, Object value) {
        int dot = path.indexOf('.');
        sections.computeIfAbsent(path.substring(0, dot), any -> new TreeMap<>()).put(path.substring(dot + 1), value);
        return this;
    }

    Settings setAll(Settings other) {
        other.sections.forEach((section, keys) -> keys.forEach((key, value) -> set(section + "." + key, value)));
        return this;
    }

    void write(Path file) {
        try {
            Files.writeString(file, toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Override
    public String toString() {
        StringBuilder toml = new StringBuilder();
        sections.forEach((section, keys) -> {
            toml.append('[').append(section).append("]\n");
            keys.forEach((key, value) ->
                    toml.append(key).append(" = ").append(literal(value)).append('\n'));
        });
        return toml.toString();
    }

    private static String literal(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Settings::literal).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? '"' + text + '"' : value.toString();
    }
}
