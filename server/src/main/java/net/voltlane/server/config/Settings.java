package net.voltlane.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A value and its origin for every key of the catalogue. Sources write into it one after the other, so that the last
 * one wins. One thread.
 */
final class Settings {

    private record Entry(Object value, String origin) {}

    private static final String DEFAULT = "default";

    private final Map<Key<?>, Entry> settings = new LinkedHashMap<>();
    /** Defaults that are relative paths are relative to this. */
    private Path folder = Path.of("");

    /** Every key at its default. */
    Settings() {
        Catalogue.ALL.forEach(this::setDefault);
    }

    <T> void set(Key<T> key, T value, String origin) {
        settings.put(key, new Entry(value, origin));
    }

    @SuppressWarnings("unchecked") // set() is the only way in, and it takes nothing but a T for a Key<T>
    <T> T get(Key<T> key) {
        return (T) entry(key).value();
    }

    /** The origin of the value, for people: a line of a file, a variable, a flag, or "default". */
    String origin(Key<?> key) {
        return entry(key).origin();
    }

    /** The origins of values that are not at their default, each once, in the order of the keys. */
    String origins(Predicate<String> which) {
        return settings.values().stream()
                .map(Entry::origin)
                .filter(origin -> !origin.equals(DEFAULT) && which.test(origin))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Defaults that are relative paths are relative to this folder. */
    void moveDefaults(Path to) {
        folder = to;
        Catalogue.ALL.forEach(this::setDefault);
    }

    ServerConfig toConfig() {
        return new ServerConfig(Values.of(key -> entry(key).value()));
    }

    /** Every setting, in the order of the catalogue. */
    List<Setting> list() {
        return Catalogue.ALL.stream().map(this::setting).toList();
    }

    private <T> Setting setting(Key<T> key) {
        T defaultValue = key.type().from(folder, key.defaultValue());
        return new Setting(
                key.path(),
                key.type().plain(get(key)),
                origin(key),
                key.type().plain(defaultValue),
                key.reload(),
                key.description());
    }

    private <T> void setDefault(Key<T> key) {
        set(key, key.type().from(folder, key.defaultValue()), DEFAULT);
    }

    private Entry entry(Key<?> key) {
        Entry entry = settings.get(key);
        if (entry == null) {
            throw new AssertionError(key.path() + " is not in the catalogue");
        }
        return entry;
    }
}
