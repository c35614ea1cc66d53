package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.List;

/** Everything that was found wrong so far, so that it can be told at once. */
final class Problems {

    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void error(String line) {
        errors.add(line);
    }

    /** A value that can't be taken: {@code place: value (expected: …)}. */
    void error(String place, String found, String expected) {
        error(place + ": " + found + " (expected: " + expected + ")");
    }

    void warning(String line) {
        warnings.add(line);
    }

    List<String> errors() {
        return List.copyOf(errors);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
