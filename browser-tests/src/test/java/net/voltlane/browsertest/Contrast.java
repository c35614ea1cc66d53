package net.voltlane.browsertest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The contrast of two colours, as the Web Content Accessibility Guidelines (WCAG 2.2) define it. */
final class Contrast {
    private static final Pattern RGB = Pattern.compile("rgb\\((\\d+), (\\d+), (\\d+)\\)");

    private Contrast() {}

    /** From 1 for the same colour to 21 for black on white; colours as {@code rgb(1, 2, 3)}. */
    static double of(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    /** The relative luminance, from 0 for black to 1 for white. */
    static double luminance(String color) {
        Matcher rgb = RGB.matcher(color);
        if (!rgb.matches()) {
            throw new AssertionError("not a colour: " + color);
        }
        return 0.2126 * linear(rgb.group(1)) + 0.7152 * linear(rgb.group(2)) + 0.0722 * linear(rgb.group(3));
    }

    private static double linear(String channel) {
        double value = Integer.parseInt(channel) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }
}
