package net.voltlane.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An immutable value for each of some keys, in the order of the catalogue. */
final class Values {
    private final Map<Key<?>, Object> values;

    private Values(Map<Key<?>, Object> values) {
        this.values = values;
    }

    /** A value for every key of the catalogue. */
    static Values of(Function<Key<?>, Object> valueOf) {
        Map<Key<?>, Object> values = new LinkedHashMap<>();
        Catalogue.ALL.forEach(key -> values.put(key, valueOf.apply(key)));
        return new Values(values);
    }

    static Values defaults() {
        return of(Key::defaultValue);
    }

    @SuppressWarnings("unchecked") // every way in gives a T for a Key<T>
    <T> T get(Key<T> key) {
        Object value = values.get(key);
        if (value == null) {
            throw new AssertionError(key.path() + " has no value here");
        }
        return (T) value;
    }

    /** A copy with another value for one key. */
    <T> Values with(Key<T> key, T value) {
        Map<Key<?>, Object> copy = new LinkedHashMap<>(values);
        copy.put(key, value);
        return new Values(copy);
    }

    /** A copy in which the values of {@code others} take precedence. */
    Values with(Values others) {
        Map<Key<?>, Object> copy = new LinkedHashMap<>(values);
        copy.putAll(others.values);
        return new Values(copy);
    }

    /** The values of one section. */
    Values of(SectionKeys section) {
        Map<Key<?>, Object> part = new LinkedHashMap<>();
        section.all().forEach(key -> part.put(key, get(key)));
        return new Values(part);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Values those && values.equals(those.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** {@code [listener.threads=0, …]}; a {@link Secret} hides itself. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey().path() + "=" + entry.getValue())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
