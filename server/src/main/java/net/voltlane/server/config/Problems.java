package net.voltlane.server.config;

import java.util.ArrayList;
import java.util.List;

/** All errors and warnings found so far, so that they can be reported together. */
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
