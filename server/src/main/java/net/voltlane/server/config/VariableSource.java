package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes variables into settings: those of the environment, and those of {@code .env}. */
final class VariableSource {

    /** Read by the launcher before there is a JVM, so not in the catalogue. */
    private static final Set<String> OF_THE_LAUNCHER =
            Set.of("VOLTLANE_JAVA_HOME", "VOLTLANE_JAVA_OPTS", "VOLTLANE_AOT");

    /**
     * The variables that Kubernetes sets in every container for a service whose name begins with voltlane. The name alone
     * tells them, except for the shortest one, which its value tells.
     */
    private static final Pattern OF_A_SERVICE = Pattern.compile("VOLTLANE(_[A-Z0-9_]+)?"
            + "(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern PORT_OF_A_SERVICE = Pattern.compile("VOLTLANE(_[A-Z0-9_]+)?_PORT");
    private static final Pattern URL_OF_A_SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

    /** The character that stands for bytes that are not UTF-8. */
    private static final String REPLACED = "\uFFFD";

    private static final Pattern SETTING = Pattern.compile("\\s*(export\\s+)?VOLTLANE_[A-Z_]+\\s*=");

    private static final Map<String, Key<?>> KEYS = new HashMap<>();

    static {
        Catalogue.ALL.forEach(key -> KEYS.put(key.variable(), key));
    }

    private final Settings settings;
    private final Problems problems;
    private final List<String> ofServices = new ArrayList<>();

    VariableSource(Settings settings, Problems problems) {
        this.settings = settings;
        this.problems = problems;
    }

    /**
     * Sets what the process's environment sets, in the order of names, so that messages always come in the same one.
     */
    void environment(Map<String, String> variables) {
        new TreeMap<>(variables).forEach((name, value) -> {
            if (isOfAService(name, value)) {
                ofServices.add(name);
            } else if (!OF_THE_LAUNCHER.contains(name)) {
                variable(name, value, "");
            }
        });
    }

    /** A remark on the environment, if there is one. */
    Optional<String> note() {
        return ofServices.isEmpty()
                ? Optional.empty()
                : Optional.of("ignored " + ofServices.size() + " variables that Kubernetes sets for its services ("
                        + ofServices.get(0) + (ofServices.size() > 1 ? ", …" : "")
                        + "); enableServiceLinks: false leaves them out of a pod");
    }

    private static boolean isOfAService(String name, String value) {
        return !KEYS.containsKey(name)
                && (OF_A_SERVICE.matcher(name).matches()
                        || PORT_OF_A_SERVICE.matcher(name).matches()
                                && URL_OF_A_SERVICE.matcher(value).matches());
    }

    /**
     * Sets what the text of a {@code .env} file sets. The file is shared with other programs: a line that is not
     * understood is an error only where it concerns this one.
     *
     * @param file the name that errors and origins carry
     */
    void dotEnv(String file, String text) {
        for (DotEnv.Statement statement : DotEnv.parse(text)) {
            String place = file + ":" + statement.line() + ": ";
            if (statement instanceof DotEnv.Fault fault) {
                if (fault.isOurs()) {
                    problems.error(place + fault.message());
                }
            } else if (statement instanceof DotEnv.Entry entry) {
                entry(entry, place);
            }
        }
    }

    private void entry(DotEnv.Entry entry, String place) {
        if (isOurs(entry.name()) && entry.value().contains(REPLACED)) {
            problems.error(place + entry.name() + ": not UTF-8 text");
        } else if (entry.value().lines().skip(1).anyMatch(VariableSource::isSetting)) {
            problems.error(place + "a quote that is closed only below a line that sets a " + Key.VARIABLE_PREFIX
                    + " variable (expected: a second one in this line)");
        } else if (OF_THE_LAUNCHER.contains(entry.name())) {
            problems.warning(place + entry.name() + " has no effect here: the launcher reads it from the environment");
        } else {
            variable(entry.name(), entry.value(), place);
        }
    }

    private static boolean isOurs(String name) {
        return name.startsWith(Key.VARIABLE_PREFIX);
    }

    private static boolean isSetting(String line) {
        return SETTING.matcher(line).lookingAt();
    }

    private void variable(String name, String text, String place) {
        if (isOurs(name)) {
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
            String culprit = key.type().culpritOfText(text);
            problems.error(
                    place + key.variable(),
                    culprit != null ? culprit : TomlText.shown(text),
                    key.type().expected());
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
        for (Key<?> key : Catalogue.ALL) {
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
