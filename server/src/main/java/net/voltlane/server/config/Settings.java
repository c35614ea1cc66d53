package net.voltlane.server.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A value and its origin for every key of the catalogue. Sources write into it one after the other, so that the last
 * one wins. One thread.
 */
final class Settings {

    private record Setting(Object value, String origin) {}

    private static final String DEFAULT = "default";

    private final Map<Key<?>, Setting> settings = new LinkedHashMap<>();

    /** Every key at its default. */
    Settings() {
        Catalogue.ALL.forEach(this::setDefault);
    }

    <T> void set(Key<T> key, T value, String origin) {
        settings.put(key, new Setting(value, origin));
    }

    @SuppressWarnings("unchecked") // set() is the only way in, and it takes nothing but a T for a Key<T>
    <T> T get(Key<T> key) {
        return (T) setting(key).value();
    }

    /** The origin of the value, for people: a line of a file, a variable, a flag, or "default". */
    String origin(Key<?> key) {
        return setting(key).origin();
    }

    /** The origins of values that are not at their default, each once, in the order of the keys. */
    String origins(Predicate<String> which) {
        return settings.values().stream()
                .map(Setting::origin)
                .filter(origin -> !origin.equals(DEFAULT) && which.test(origin))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Defaults that are relative paths are relative to this folder. */
    void moveDefaults(Path folder) {
        Catalogue.ALL.forEach(key -> moveDefault(key, folder));
    }

    private <T> void moveDefault(Key<T> key, Path folder) {
        set(key, key.type().from(folder, key.defaultValue()), DEFAULT);
    }

    ServerConfig toConfig() {
        return new ServerConfig(Values.of(key -> setting(key).value()));
    }

    /** A TOML file that sets every key to its value, each with its origin as a comment. */
    String toToml() {
        StringBuilder out = new StringBuilder();
        String section = "";
        for (Key<?> key : Catalogue.ALL) {
            if (!key.section().equals(section)) {
                out.append(section.isEmpty() ? "[" : "\n[")
                        .append(key.section())
                        .append("]\n");
                section = key.section();
            }
            String line = key.name() + " = " + valueAsToml(key);
            out.append(String.format("%-46s # %s%n", line, origin(key)));
        }
        return out.toString();
    }

    private <T> String valueAsToml(Key<T> key) {
        return key.type().toToml(get(key));
    }

    private <T> void setDefault(Key<T> key) {
        set(key, key.defaultValue(), DEFAULT);
    }

    private Setting setting(Key<?> key) {
        Setting setting = settings.get(key);
        if (setting == null) {
            throw new AssertionError(key.path() + " is not in the catalogue");
        }
        return setting;
    }
}
