package net.voltlane.site;

/** Text inside of HTML. */
final class Html {
    private Html() {}

    /** Escapes text for the content of an element, and for an attribute in double quotes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
