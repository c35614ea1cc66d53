package net.voltlane.server.config;

import org.jspecify.annotations.Nullable;

/** A text that is not shown to anybody. */
final class Secret {
    static final Secret NONE = new Secret("");
    static final String HIDDEN = "(hidden)";

    private final String text;

    Secret(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** The words that stand for it where settings are shown: empty if it is. */
    String shown() {
        return text.isEmpty() ? "" : HIDDEN;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return shown();
    }
}
