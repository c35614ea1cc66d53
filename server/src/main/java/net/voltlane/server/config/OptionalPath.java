package net.voltlane.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The path of a file as text, or an empty text for no file. */
record OptionalPath() implements ValueType<String> {

    @Override
    public @Nullable String ofText(String text) {
        try {
            Path.of(text);
            return text;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Override
    public @Nullable String ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public String from(Path folder, String value) {
        return value.isEmpty() ? value : folder.resolve(value).toString();
    }

    @Override
    public String toToml(String value) {
        return TomlText.quoted(value);
    }

    @Override
    public String expected() {
        return "the path of a file in quotes, or \"\"";
    }
}
