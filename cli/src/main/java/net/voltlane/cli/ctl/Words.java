package net.voltlane.cli.ctl;

import java.util.ArrayList;
import java.util.List;

/** The words that options and parameters take, for checks, help and completion. */
final class Words {
    static final List<String> STATES = List.of("live", "leaving", "stale");
    private static final List<String> ORDERS = List.of("opened", "newest", "waiting", "traffic");
    private static final List<String> LEVELS = List.of("Off", "Error", "Warn", "Info", "Debug", "Trace");

    private Words() {}

    /** The states of sessions. */
    static final class States extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        States() {
            super(STATES);
        }
    }

    /** The orders of sessions. */
    static final class Orders extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Orders() {
            super(ORDERS);
        }
    }

    /** The levels of the log. */
    static final class Levels extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Levels() {
            super(LEVELS);
        }
    }

    /** The word among {@code words} that is {@code given}, whatever its case. */
    static String oneOf(ServerAction action, String place, String given, List<String> words) {
        return words.stream()
                .filter(word -> word.equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> action.invalid(place, given, String.join(", ", words)));
    }

    /** The API's name for an order. */
    static String order(ServerAction action, String given) {
        return switch (oneOf(action, "option '--sort'", given, ORDERS)) {
            case "newest" -> "-opened";
            case "waiting" -> "-waiting";
            case "traffic" -> "-traffic";
            default -> "opened";
        };
    }

    /** A level of the log as the API writes it. */
    static String level(ServerAction action, String given) {
        return oneOf(action, "LEVEL", given, LEVELS);
    }
}
