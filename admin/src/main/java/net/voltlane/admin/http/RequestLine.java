package net.voltlane.admin.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The target of a request, taken apart. Only the origin form is read: a path and a query. The path is compared exactly:
 * dots, doubled slashes and encoded slashes have no meaning of their own.
 *
 * @param path decoded, without the query
 * @param segments of the path, decoded one by one; the first is empty
 * @param query decoded parameters
 */
record RequestLine(String path, List<String> segments, Map<String, String> query) {
    /** @throws ProblemException 400 where the target can't be read */
    static RequestLine of(String target) {
        if (!target.startsWith("/")) {
            throw malformed("target (expected: a path that begins with a slash)");
        }
        int hash = target.indexOf('#');
        if (hash >= 0 || target.chars().anyMatch(c -> c <= ' ' || c >= 0x7F)) {
            throw malformed("target (expected: printable ASCII, the rest percent-encoded)");
        }
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            segments.add(decoded(segment, false));
        }
        return new RequestLine(
                String.join("/", segments),
                List.copyOf(segments),
                mark < 0 ? Map.of() : query(target.substring(mark + 1)));
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1), true);
            if (query.put(name, value) != null) {
                throw malformed(name + " (expected: once)");
            }
        }
        return Map.copyOf(query);
    }

    /** @param plusIsSpace as in queries */
    private static String decoded(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            byte[] bytes = URLDecoder.decode(plusIsSpace ? text : text.replace("+", "%2B"), StandardCharsets.ISO_8859_1)
                    .getBytes(StandardCharsets.ISO_8859_1);
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (decoded.indexOf('\0') >= 0) {
                throw malformed("target (expected: no NUL)");
            }
            return decoded;
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw malformed("target (expected: percent-encoded UTF-8)");
        }
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(Problem.of(400, detail));
    }
}
