package net.voltlane.server.config;

import org.jspecify.annotations.Nullable;

/** A whole number from {@code min} to {@code max}, both included. */
record WholeNumber(long min, long max) implements ValueType<Long> {

    static WholeNumber atLeast(long min) {
        return new WholeNumber(min, Long.MAX_VALUE);
    }

    @Override
    public @Nullable Long ofText(String text) {
        try {
            // Long.parseLong alone would also take a plus sign and the digits of any script.
            return text.strip().matches("-?[0-9]+") ? inRange(Long.parseLong(text.strip())) : null;
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }

    @Override
    public @Nullable Long ofToml(Object value) {
        return value instanceof Long number ? inRange(number) : null;
    }

    @Override
    public Object plain(Long value) {
        return value;
    }

    @Override
    public String expected() {
        return max == Long.MAX_VALUE ? "a whole number, at least " + min : "a whole number from " + min + " to " + max;
    }

    private @Nullable Long inRange(long number) {
        return number >= min && number <= max ? number : null;
    }
}
