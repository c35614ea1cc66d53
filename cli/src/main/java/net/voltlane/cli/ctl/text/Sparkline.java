package net.voltlane.cli.ctl.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of bars, one character each, that shows how a figure went. */
public final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final String ASCII_BARS = "_.:-=+*#";

    private Sparkline() {}

    /**
     * The last {@code width} values as bars; a value that is missing is a blank. The highest bar is the largest of them.
     *
     * @param values 0 or more, oldest first
     * @param ascii whether bars are punctuation marks, for terminals without the Unicode bars
     */
    public static String of(List<@Nullable Double> values, int width, boolean ascii) {
        List<@Nullable Double> shown = values.subList(Math.max(0, values.size() - width), values.size());
        double max = max(shown);
        String bars = ascii ? ASCII_BARS : BARS;
        StringBuilder line = new StringBuilder();
        for (@Nullable Double value : shown) {
            if (value == null) {
                line.append(' ');
            } else {
                int height = max <= 0 ? 0 : (int) Math.ceil(value / max * (bars.length() - 1));
                line.append(bars.charAt(Math.max(0, Math.min(bars.length() - 1, height))));
            }
        }
        return line.toString();
    }

    /** The largest value, or 0. */
    public static double max(List<@Nullable Double> values) {
        double max = 0;
        for (@Nullable Double value : values) {
            max = value == null ? max : Math.max(max, value);
        }
        return max;
    }
}
