package net.voltlane.site;

import java.util.List;

/** Mistakes of the pages or of the navigation, for which no site is made. Each says what was expected. */
final class MistakesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> mistakes;

    MistakesException(List<String> mistakes) {
        super(mistakes.size() + " mistakes in the pages, the first: " + mistakes.get(0));
        this.mistakes = List.copyOf(mistakes);
    }

    /** The lines of the mistakes, in the order in which they were found. */
    List<String> mistakes() {
        return mistakes;
    }
}
