package net.voltlane.admin.history;

import java.time.temporal.ChronoUnit;

/** The history as the API writes it: a column of numbers for each series, oldest first. */
public final class HistoryJson {
    /** Four decimals: a tenth of a millisecond, or of a thousandth of a bound. */
    private static final double DECIMALS = 10_000;

    private static final Series[] SERIES = Series.values();
    private static final int CHARS_PER_SAMPLE = 5;

    private HistoryJson() {}

    /**
     * The last samples of a resolution, as far as there are any. Thread of the history only.
     *
     * @param seconds the length of the past to write; samples older than that are left out
     */
    public static String columns(History history, Resolution resolution, int seconds) {
        Ring ring = history.ring(resolution);
        int size = Math.min(ring.size(), Math.max(1, seconds / resolution.stepSeconds));
        StringBuilder json = new StringBuilder(200 + SERIES.length * (20 + size * CHARS_PER_SAMPLE));
        json.append("{\"resolution\":\"").append(resolution.text());
        json.append("\",\"stepSeconds\":").append(resolution.stepSeconds);
        json.append(",\"endAt\":\"").append(history.newestAt(resolution).truncatedTo(ChronoUnit.MILLIS));
        json.append("\",\"series\":{");
        for (Series series : SERIES) {
            json.append(series.ordinal() == 0 ? "\"" : ",\"")
                    .append(series.text())
                    .append("\":[");
            for (int back = size - 1; back >= 0; back--) {
                number(json, ring.get(series, back));
                json.append(back == 0 ? "" : ",");
            }
            json.append(']');
        }
        return json.append("}}").toString();
    }

    /** The newest sample of each series, on one line. Thread of the history only. */
    public static String newest(History history) {
        StringBuilder json = new StringBuilder(40 + SERIES.length * 30);
        json.append("{\"at\":\"")
                .append(history.newestAt().truncatedTo(ChronoUnit.MILLIS))
                .append('"');
        for (Series series : SERIES) {
            json.append(",\"").append(series.text()).append("\":");
            number(json, history.newest(series));
        }
        return json.append('}').toString();
    }

    private static void number(StringBuilder json, float value) {
        if (Float.isNaN(value)) {
            json.append("null");
            return;
        }
        double rounded = Math.round(value * DECIMALS) / DECIMALS;
        if (rounded == Math.rint(rounded)) {
            json.append((long) rounded);
        } else {
            json.append(rounded);
        }
    }
}
