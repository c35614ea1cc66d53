package net.voltlane.admin.prometheus;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The values of a header such as {@code Accept}, with how much each is wanted. */
final class Qualities {
    private final Map<String, Double> byValue = new HashMap<>();

    /** @param header values with parameters, separated by commas; of several entries for one value the best counts */
    Qualities(String header) {
        for (String entry : header.split(",", -1)) {
            String[] parts = entry.split(";", -1);
            double quality = 1;
            for (int i = 1; i < parts.length; i++) {
                String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
                if (parameter.startsWith("q=")) {
                    quality = number(parameter.substring(2));
                }
            }
            byValue.merge(parts[0].strip().toLowerCase(Locale.ROOT), quality, Math::max);
        }
    }

    private static double number(String text) {
        return text.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(text) : 0;
    }

    /** The quality of exactly this value: 0 where it is not named, or excluded. */
    double of(String value) {
        return byValue.getOrDefault(value, 0.0);
    }
}
