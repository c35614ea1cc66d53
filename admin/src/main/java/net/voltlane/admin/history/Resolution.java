package net.voltlane.admin.history;

import java.util.Arrays;
import java.util.Optional;

/** The steps in which the past is kept. */
public enum Resolution {
    /** The last 10 minutes. */
    SECOND("1s", 1, 600),
    /** The last 24 hours. */
    HALF_MINUTE("30s", 30, 2880);

    private final String text;
    final int stepSeconds;
    final int samples;

    Resolution(String text, int stepSeconds, int samples) {
        this.text = text;
        this.stepSeconds = stepSeconds;
        this.samples = samples;
    }

    /** The name in the API, such as {@code 30s}. */
    public String text() {
        return text;
    }

    /** The resolution of a name in the API; nothing for other texts. */
    public static Optional<Resolution> of(String text) {
        return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
    }
}
