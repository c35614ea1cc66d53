package net.voltlane.admin.events;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;

/** A line of the log, no longer than a few kilobytes. Immutable; texts of fields are made when they are asked for. */
final class RecentEvent {
    static final int MAX_MESSAGE_CHARS = 1000;
    static final int MAX_VALUE_CHARS = 300;
    static final int MAX_FIELDS = 16;
    private static final String CUT = "…";

    private final long atMillis;
    private final Level level;
    private final String message;
    private final List<KeyValuePair> fields;

    RecentEvent(long atMillis, Level level, String message, List<KeyValuePair> fields) {
        this.atMillis = atMillis;
        this.level = level;
        this.message = cut(message, MAX_MESSAGE_CHARS);
        this.fields = bounded(fields);
    }

    private static List<KeyValuePair> bounded(List<KeyValuePair> fields) {
        if (fields.isEmpty()) {
            return List.of();
        }
        List<KeyValuePair> kept = new ArrayList<>(Math.min(fields.size(), MAX_FIELDS));
        for (KeyValuePair field : fields) {
            if (kept.size() == MAX_FIELDS) {
                break;
            }
            boolean isLong = field.value instanceof String text && text.length() > MAX_VALUE_CHARS;
            kept.add(isLong ? new KeyValuePair(field.key, cut((String) field.value, MAX_VALUE_CHARS)) : field);
        }
        return kept;
    }

    private static String cut(String text, int mostChars) {
        return text.length() <= mostChars ? text : text.substring(0, mostChars) + CUT;
    }

    /** The event as the API writes it. */
    Json json() {
        Map<String, Object> values = new LinkedHashMap<>();
        for (KeyValuePair field : fields) {
            boolean isNumber = field.value instanceof Number;
            values.put(field.key, isNumber ? field.value : cut(String.valueOf(field.value), MAX_VALUE_CHARS));
        }
        String name = level.name().charAt(0) + level.name().substring(1).toLowerCase(Locale.ROOT);
        return new Json(Instant.ofEpochMilli(atMillis).toString(), name, message, values);
    }

    /** Members of the JSON object. */
    record Json(String at, String level, String message, Map<String, Object> fields) {}
}
