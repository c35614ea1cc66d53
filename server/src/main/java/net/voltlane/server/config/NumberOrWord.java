package net.voltlane.server.config;

import org.jspecify.annotations.Nullable;

/**
 * A whole number, or a word that says what one of the numbers means. The same number means different things for
 * different keys; a word does not.
 *
 * @param numbers the numbers that are allowed
 * @param word what may be written instead of {@code meaning}
 * @param meaning the value in Java that the word stands for
 */
record NumberOrWord(WholeNumber numbers, String word, long meaning) implements ValueType<Long> {

    /** A word for a bound that is never reached. It is written as a word wherever settings are printed. */
    static NumberOrWord endless(WholeNumber numbers, String word) {
        return new NumberOrWord(numbers, word, Long.MAX_VALUE);
    }

    /** A word for what the number 0 means for this key. */
    static NumberOrWord zero(WholeNumber numbers, String word) {
        return new NumberOrWord(numbers, word, 0);
    }

    @Override
    public @Nullable Long ofText(String text) {
        return text.strip().equalsIgnoreCase(word) ? Long.valueOf(meaning) : numbers.ofText(text);
    }

    @Override
    public @Nullable Long ofToml(Object value) {
        return value instanceof String text && text.equalsIgnoreCase(word)
                ? Long.valueOf(meaning)
                : numbers.ofToml(value);
    }

    @Override
    public Object plain(Long value) {
        return value == Long.MAX_VALUE && meaning == Long.MAX_VALUE ? word : value;
    }

    @Override
    public String expected() {
        return numbers.expected() + ", or \"" + word + "\"";
    }
}
