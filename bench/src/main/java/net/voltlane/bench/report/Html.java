package net.voltlane.bench.report;

import java.util.regex.Pattern;

/** Text in a page. */
final class Html {

    /** Characters that have no place in XML. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

    private Html() {}

    /** Nothing in it can be taken for markup, in an attribute neither. */
    static String text(String text) {
        return CONTROL.matcher(text)
                .replaceAll(" ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
