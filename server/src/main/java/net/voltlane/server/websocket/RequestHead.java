package net.voltlane.server.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP request, read by the strict rules of RFC 9112: no folded lines, no blank before a colon, no control
 * characters. Programs in front of the server must not be able to understand it in another way.
 *
 * @param method such as {@code GET}
 * @param target the text between method and version, as it was sent
 * @param isVersion11 true for HTTP/1.1, false for HTTP/1.0
 * @param fields the values of each field in their order, by its name in lower case
 */
record RequestHead(String method, String target, boolean isVersion11, Map<String, List<String>> fields) {
    private static final int MAX_FIELDS = 100;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /** Reads a head; null if it is malformed. */
    static @Nullable RequestHead parse(String text) {
        String[] lines = text.split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        if (lines.length > MAX_FIELDS + 1 || words.length != 3 || !isToken(words[0]) || !isTarget(words[1])) {
            return null;
        }
        boolean isVersion11 = words[2].equals("HTTP/1.1");
        if (!isVersion11 && !words[2].equals("HTTP/1.0")) {
            return null;
        }
        Map<String, List<String>> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0 || !isToken(lines[i].substring(0, colon)) || !isValue(lines[i])) {
                return null;
            }
            fields.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        return new RequestHead(words[0], words[1], isVersion11, fields);
    }

    /** The path of the target, without a query. */
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The values of a field; none if it is not there. */
    List<String> values(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** The value of a field that comes once; null if it is not there, or comes more than once. */
    @Nullable
    String single(String name) {
        List<String> all = values(name);
        return all.size() == 1 ? all.get(0) : null;
    }

    /** The elements of a field that is a list separated by commas, over all of its lines. */
    List<String> elements(String name) {
        List<String> elements = new ArrayList<>();
        for (String value : values(name)) {
            for (String element : value.split(",", -1)) {
                if (!element.isBlank()) {
                    elements.add(element.strip());
                }
            }
        }
        return elements;
    }

    /** True if a list has this element, in upper or lower case. */
    boolean has(String name, String element) {
        return elements(name).stream().anyMatch(element::equalsIgnoreCase);
    }

    private static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0);
    }

    private static boolean isLetterOrDigit(int c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    private static boolean isTarget(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private static boolean isValue(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c != 0x7F || c == '\t');
    }
}
