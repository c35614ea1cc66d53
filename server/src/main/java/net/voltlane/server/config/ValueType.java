package net.voltlane.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The syntax of a key's values: how they are read, written and described. Each kind of value has one implementation.
 *
 * @param <T> the values in Java
 */
interface ValueType<T> {

    /** The value that a variable's text stands for, or null if it stands for none. */
    @Nullable
    T ofText(String text);

    /** The value that a TOML value stands for, or null if it stands for none. */
    @Nullable
    T ofToml(Object value);

    /** The wrong parts of a TOML value that stands for none, for people. Null: all of it. */
    default @Nullable String culprit(Object value) {
        return null;
    }

    /** The wrong parts of a variable's text, likewise. */
    default @Nullable String culpritOfText(String text) {
        return null;
    }

    /** The value where a file in {@code folder} has it: a relative path is relative to that. */
    default T from(Path folder, T value) {
        return value;
    }

    /** The value as a TOML value: a {@link Long}, a {@link Boolean}, a {@link String}, or a list of these. */
    Object plain(T value);

    /** The value as it is written in a TOML file. */
    default String toToml(T value) {
        return TomlText.value(plain(value));
    }

    /** The text behind "expected: " in messages. */
    String expected();

    /** The text behind "expected: " in the message for a TOML value that stands for no value of this type. */
    default String expectedInsteadOf(Object found) {
        return expected();
    }
}
