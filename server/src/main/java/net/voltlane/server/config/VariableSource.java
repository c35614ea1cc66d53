package net.voltlane.server.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes variables into settings: those of the environment, and those of {@code .env}. */
final class VariableSource {

    /** Read by the launcher before there is a JVM, so not in the catalogue. */
    private static final Set<String> OF_THE_LAUNCHER = Set.of("VOLTLANE_JAVA_HOME", "VOLTLANE_JAVA_OPTS");

    private static final Map<String, Key<?>> KEYS = new HashMap<>();

    static {
        Key.ALL.forEach(key -> KEYS.put(key.variable(), key));
    }

    private final Settings settings;
    private final Problems problems;

    VariableSource(Settings settings, Problems problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /**
     * Sets what the process's environment sets, in the order of names, so that messages always come in the same one.
     */
    void environment(Map<String, String> variables) {
        variables.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(variable -> {
            if (!OF_THE_LAUNCHER.contains(variable.getKey())) {
                variable(variable.getKey(), variable.getValue(), "");
            }
        });
    }

    /**
     * Sets what the text of a {@code .env} file sets.
     *
     * @param file the name that errors and origins carry
     */
    void dotEnv(String file, String text) {
        for (DotEnv.Statement statement : DotEnv.parse(text)) {
            String place = file + ":" + statement.line() + ": ";
            if (statement instanceof DotEnv.Fault fault) {
                problems.error(place + fault.message());
            } else if (statement instanceof DotEnv.Entry entry) {
                entry(entry, place);
            }
        }
    }

    private void entry(DotEnv.Entry entry, String place) {
        if (OF_THE_LAUNCHER.contains(entry.name())) {
            problems.warning(place + entry.name() + " has no effect here: the launcher reads it from the environment");
        } else {
            variable(entry.name(), entry.value(), place);
        }
    }

    private void variable(String name, String text, String place) {
        if (name.startsWith(Key.VARIABLE_PREFIX)) {
            Key<?> key = KEYS.get(name);
            if (key == null) {
                unknown(name, place);
            } else {
                set(key, text, place);
            }
        }
    }

    private <T> void set(Key<T> key, String text, String place) {
        T value = key.type().ofText(text);
        if (value == null) {
            problems.error(
                    place + key.variable(), TomlText.shown(text), key.type().expected());
        } else {
            settings.set(key, value, place + key.variable());
        }
    }

    private void unknown(String name, String place) {
        String meant = meant(name.substring(Key.VARIABLE_PREFIX.length()));
        problems.warning(
                place + name + ": unknown variable, ignored" + (meant == null ? "" : " (did you mean " + meant + "?)"));
    }

    /** The variable of the key that is named, with its section or without; else a similar variable, if there is one. */
    private static @Nullable String meant(String unprefixed) {
        for (Key<?> key : Key.ALL) {
            if (unprefixed.equalsIgnoreCase(key.section() + "_" + key.name())
                    || unprefixed.equalsIgnoreCase(key.name())) {
                return key.variable();
            }
        }
        List<String> words = KEYS.keySet().stream()
                .map(variable -> variable.substring(Key.VARIABLE_PREFIX.length()))
                .toList();
        String nearest = Nearest.to(unprefixed, words);
        return nearest == null ? null : Key.VARIABLE_PREFIX + nearest;
    }
}
