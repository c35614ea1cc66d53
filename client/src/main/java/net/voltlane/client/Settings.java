package net.voltlane.client;

import java.time.Duration;
import net.voltlane.protocol.QueueBounds;

/** Checks of the values that a program gives to {@link ClientBuilder}. */
final class Settings {

    static final long FOR_EVER_NANOS = Long.MAX_VALUE;

    private Settings() {}

    static QueueBounds bounds(int maxPackets, long maxBytes) {
        return new QueueBounds(positive("maxPackets", maxPackets), positive("maxBytes", maxBytes));
    }

    private static long positive(String name, long number) {
        if (number < 1) {
            throw new IllegalArgumentException(name + ": " + number + " (expected: at least 1)");
        }
        return number;
    }

    /** Returns a duration that is more than 0, in nanoseconds. */
    static long positive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: more than 0)");
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException longerThanAnybodyWaits) {
            return FOR_EVER_NANOS;
        }
    }

    /** Refuses a duration that is less, in nanoseconds, than that of another setting. */
    static void notLess(String name, Duration duration, String other, Duration least) {
        if (positive(name, duration) < positive(other, least)) {
            throw new IllegalArgumentException(
                    name + ": " + duration + " (expected: not less than " + other + ", " + least + ")");
        }
    }

    /** Returns a duration of whole seconds that fits into two bytes. */
    static int seconds(String name, Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 0 || seconds > 0xFFFF || !duration.equals(Duration.ofSeconds(seconds))) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: 0 to 65535 whole seconds)");
        }
        return (int) seconds;
    }

    static int between(String name, int least, int number, int most) {
        if (number < least || number > most) {
            throw new IllegalArgumentException(name + ": " + number + " (expected: " + least + " to " + most + ")");
        }
        return number;
    }
}
