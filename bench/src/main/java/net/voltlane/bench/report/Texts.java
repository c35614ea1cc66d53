package net.voltlane.bench.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import net.voltlane.bench.model.FaultCounts;
import net.voltlane.bench.model.Figure;
import net.voltlane.bench.model.Result;
import org.jspecify.annotations.Nullable;

/** Figures as people read them. */
final class Texts {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double KIB = 1024;
    private static final double MIB = 1024 * 1024;
    private static final double TEN = 10;
    private static final int TICK_DIGITS = 3;

    private Texts() {}

    /** Three digits or so, and the unit that fits: {@code 87.4 µs}. */
    static String nanos(double nanos) {
        if (nanos < NANOS_PER_MILLI) {
            return scaled(nanos / NANOS_PER_MICRO, "µs");
        }
        return nanos < NANOS_PER_SECOND ? scaled(nanos / NANOS_PER_MILLI, "ms") : scaled(nanos / NANOS_PER_SECOND, "s");
    }

    /** A round number of nanoseconds, with no more digits than it needs: {@code 200 µs}. */
    static String tick(double nanos) {
        if (nanos < NANOS_PER_MILLI) {
            return format("%s µs", plain(nanos / NANOS_PER_MICRO));
        }
        return nanos < NANOS_PER_SECOND
                ? format("%s ms", plain(nanos / NANOS_PER_MILLI))
                : format("%s s", plain(nanos / NANOS_PER_SECOND));
    }

    static String bytes(double bytes) {
        if (Math.abs(bytes) < KIB) {
            return format("%.0f B", bytes);
        }
        return Math.abs(bytes) < MIB ? scaled(bytes / KIB, "KiB") : scaled(bytes / MIB, "MiB");
    }

    static String figure(Figure figure) {
        double value = figure.value();
        return switch (figure.unit()) {
            case COUNT -> format("%,.0f", value);
            case PER_SECOND -> format("%,.0f/s", value);
            case SECONDS -> format("%.1f s", value);
            case MICROS -> format("%.2f µs", value);
            case BYTES -> bytes(value);
            case CORES -> format("%.2f cores", value);
        };
    }

    /** States what is wrong, or that nothing is. */
    static String verdict(Result result) {
        FaultCounts faults = result.faults();
        if (faults.total() == 0) {
            return "Nothing was lost, reordered, misrouted or corrupted, and no link was closed.";
        }
        return format(
                "FAILED: %,d lost, %,d reordered, %,d misrouted, %,d corrupted, %,d links closed, %,d handshakes failed."
                        + " The first: %s.",
                faults.lost(),
                faults.reordered(),
                faults.misrouted(),
                faults.corrupted(),
                faults.closed(),
                faults.refused(),
                faults.first());
    }

    static String format(String format, @Nullable Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }

    /** No more digits than it needs, three at most. */
    static String plain(double value) {
        return BigDecimal.valueOf(value)
                .round(new MathContext(TICK_DIGITS))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String scaled(double value, String unit) {
        double size = Math.abs(value);
        return format(size < TEN ? "%.2f %s" : size < TEN * TEN ? "%.1f %s" : "%,.0f %s", value, unit);
    }
}
