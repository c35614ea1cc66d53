package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The keys of one section, in the order of their declaration. Filled while the section's class is initialised, and not
 * changed later.
 */
final class SectionKeys {
    private final String section;
    private final List<Key<?>> keys = new ArrayList<>();

    SectionKeys(String section) {
        this.section = section;
    }

    /** Declares a key whose variable is named after section and key. */
    <T> Key<T> key(String name, Reload reload, ValueType<T> type, T defaultValue, String description) {
        String variable = Key.VARIABLE_PREFIX + (section + "_" + name).toUpperCase(Locale.ROOT);
        return key(name, variable, reload, type, defaultValue, description);
    }

    /** Declares a key whose variable has a name of its own. */
    <T> Key<T> key(String name, String variable, Reload reload, ValueType<T> type, T defaultValue, String description) {
        Key<T> key = new Key<>(section, name, variable, reload, type, defaultValue, description);
        keys.add(key);
        return key;
    }

    String section() {
        return section;
    }

    List<Key<?>> all() {
        return Collections.unmodifiableList(keys);
    }
}
