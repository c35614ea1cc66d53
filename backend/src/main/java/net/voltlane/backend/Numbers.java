package net.voltlane.backend;

import org.jspecify.annotations.Nullable;

/** Numbers that servers send as text. */
final class Numbers {
    private static final int MAX_DIGITS = 16;

    private Numbers() {}

    /**
     * Reads a decimal number.
     *
     * @return null if there is no text, or if it is no number of 1 to {@value #MAX_DIGITS} digits
     */
    static @Nullable Long decimal(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_DIGITS) {
            return null;
        }
        return text.chars().allMatch(digit -> digit >= '0' && digit <= '9') ? (Long) Long.parseLong(text) : null;
    }
}
