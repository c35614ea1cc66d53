package net.voltlane.backend;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of the values of {@link BackendOptions}. Each throws an {@link IllegalArgumentException} that names the value. */
final class OptionRanges {
    private static final Duration YEAR = Duration.ofDays(365);

    private OptionRanges() {}

    /** Refuses a duration that is less than {@code least}, called {@code leastText}, or longer than 365 days. */
    static void check(String name, Duration value, Duration least, String leastText) {
        expect(value.compareTo(least) >= 0 && value.compareTo(YEAR) <= 0, name, value, leastText + " to 365 days");
    }

    static void check(String name, long value, long least, long most) {
        expect(value >= least && value <= most, name, value, least + " to " + most);
    }

    static void check(String name, long value, long least) {
        expect(value >= least, name, value, "at least " + least);
    }

    static void checkInstance(@Nullable String name) {
        expect(
                name == null || !InstanceName.of(name).isNone(),
                "instance",
                String.valueOf(name),
                "anything but 32 zeros");
    }

    private static void expect(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
