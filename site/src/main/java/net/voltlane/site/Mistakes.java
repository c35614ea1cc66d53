package net.voltlane.site;

import java.util.ArrayList;
import java.util.List;

/** A list of mistakes, so that a build names all of them. Used by one thread. */
final class Mistakes {
    private final List<String> lines = new ArrayList<>();

    /**
     * Notes one mistake.
     *
     * @param page the page that has it
     * @param what the link or the line that is wrong
     * @param expected what should stand there
     */
    void add(String page, String what, String expected) {
        lines.add(page + ": " + what + " (expected: " + expected + ")");
    }

    /** Throws if there are any. */
    void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new MistakesException(lines);
        }
    }
}
