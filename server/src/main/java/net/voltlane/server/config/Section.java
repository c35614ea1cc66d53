package net.voltlane.server.config;

/**
 * A section of the configuration: immutable values of the keys that its class declares. Each setting is spelled in one
 * place there: its key, how it is read, and how a copy with another value is made.
 *
 * @param <S> the section's own class
 */
abstract class Section<S extends Section<S>> {
    final Values values;

    Section(Values values) {
        this.values = values;
    }

    /** A section of the same class with other values. */
    abstract S of(Values changed);

    final <T> T get(Key<T> key) {
        return values.get(key);
    }

    /** The value of a key that is bounded to an {@code int}. */
    final int number(Key<Long> key) {
        return Math.toIntExact(values.get(key));
    }

    final <T> S with(Key<T> key, T value) {
        return of(values.with(key, value));
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof Section<?> that && values.equals(that.values);
    }

    @Override
    public final int hashCode() {
        return values.hashCode();
    }

    @Override
    public final String toString() {
        return values.toString();
    }
}
