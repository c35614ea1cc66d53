package net.voltlane.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The path of the key file as text, or an empty text for no file. The file is not required. */
record OptionalPath() implements ValueType<KeyPath> {

    @Override
    public @Nullable KeyPath ofText(String text) {
        try {
            Path path = Path.of(text);
            assert path != null : "of() throws for a text that is no path";
            return new KeyPath(text, false);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    @Override
    public @Nullable KeyPath ofToml(Object value) {
        return value instanceof String text ? ofText(text) : null;
    }

    @Override
    public KeyPath from(Path folder, KeyPath value) {
        return value.from(folder);
    }

    @Override
    public Object plain(KeyPath value) {
        return value.path();
    }

    @Override
    public String expected() {
        return "the path of a file in quotes, or \"\"";
    }
}
