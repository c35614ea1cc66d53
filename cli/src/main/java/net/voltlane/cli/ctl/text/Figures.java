package net.voltlane.cli.ctl.text;

import java.util.Locale;

/** Figures in the form that people read: {@code 27,271}, {@code 1.2 MiB}, {@code 3 min}. None is longer than 11 characters. */
public final class Figures {
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int UNIT = 1024;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    /** Below this, a figure gets one decimal. */
    private static final double TENTHS_BELOW = 9.95;

    private Figures() {}

    /** A whole number with its thousands parted; from a milliard on it is rounded: {@code 1.2 G}. */
    public static String count(double number) {
        if (number >= 999_999_999.5) {
            return format("%.1f G", number / 1e9);
        }
        return format("%,d", Math.round(number));
    }

    /** An amount of bytes: {@code 0 B}, {@code 1.2 KiB}, {@code 34 MiB}. */
    public static String bytes(double bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= UNIT - 0.5 && unit < BYTE_UNITS.length - 1) {
            amount /= UNIT;
            unit++;
        }
        boolean tenths = unit > 0 && amount < TENTHS_BELOW;
        return format(tenths ? "%.1f %s" : "%.0f %s", amount, BYTE_UNITS[unit]);
    }

    /** A length of time: {@code 4 ms}, {@code 12 s}, {@code 3 min}, {@code 5 h 7 min}, {@code 2 d 3 h}. */
    public static String duration(double seconds) {
        if (seconds <= 0) {
            return "0 s";
        } else if (seconds < 0.9995) {
            return format("%d ms", Math.max(1, Math.round(seconds * 1000)));
        } else if (seconds < TENTHS_BELOW) {
            return format("%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 2 * MINUTE) {
            return whole + " s";
        } else if (whole < 2 * HOUR) {
            return whole / MINUTE + " min";
        } else if (whole < 2 * DAY) {
            return two(whole, HOUR, "h", MINUTE, "min");
        }
        return two(whole, DAY, "d", HOUR, "h");
    }

    private static String two(long seconds, int large, String largeUnit, int small, String smallUnit) {
        long rest = seconds % large / small;
        return seconds / large + " " + largeUnit + (rest == 0 ? "" : " " + rest + " " + smallUnit);
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
