package net.voltlane.cli.ctl.text;

/**
 * Text of a server, made safe for a terminal. A hostile server, or a client whose words a server repeats, could otherwise
 * move the cursor, hide text or run functions of the terminal.
 */
public final class Visible {

    private Visible() {}

    /**
     * The text with a Unicode escape in place of each character that cannot be seen: controls, line ends, and the
     * characters that reorder or hide what stands around them.
     */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** A JSON document, escaped likewise but with its line ends and tabs. The document means what it meant before. */
    public static String json(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean layoutStays) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (layoutStays && (c == '\n' || c == '\r' || c == '\t') || !isUnseen(c)) {
                out.appendCodePoint(c);
            } else {
                for (char half : Character.toChars(c)) {
                    out.append(String.format("\\u%04x", (int) half));
                }
            }
        });
        return out.toString();
    }

    private static boolean isUnseen(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
