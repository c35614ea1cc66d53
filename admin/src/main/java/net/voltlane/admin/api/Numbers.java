package net.voltlane.admin.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Numbers as the API shows them. */
final class Numbers {
    private static final double MILLIS = 1_000;

    private Numbers() {}

    /** Seconds with three decimals. */
    static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS;
    }

    /** Seconds with three decimals; null for none. */
    static @Nullable Double secondsOrNull(@Nullable Duration duration) {
        return duration == null ? null : seconds(duration);
    }

    /** A bound; null for one that is never reached. */
    static @Nullable Long bound(long limit) {
        return limit == Long.MAX_VALUE ? null : limit;
    }

    /** A limit whose value 0 means that there is none. */
    static @Nullable Long limit(long limit) {
        return limit == 0 ? null : bound(limit);
    }
}
