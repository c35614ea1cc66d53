package net.voltlane.admin.http;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The strict rules for the head of a request, which are checked before it is decoded. A head that another program on the
 * way could read in another way is refused, so that no request can be smuggled past a proxy.
 */
final class HeadCheck {
    private static final int MAX_HEADERS = 64;
    private static final int MAX_LENGTH_DIGITS = 18;

    private static final Pattern REQUEST_LINE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} (?<target>[!-~]+) HTTP/(?<version>[0-9]\\.[0-9])");
    private static final Pattern HEADER = Pattern.compile("(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+):(?<value>.*)");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1," + MAX_LENGTH_DIGITS + "}");

    private HeadCheck() {}

    /**
     * Checks a head.
     *
     * @param head lines that end with CR LF, with the empty one
     * @throws ProblemException 400 for one that is malformed or ambiguous; 411, 413, 431 or 505 for one that is not served
     */
    static void check(String head, int maxBodyBytes) {
        String[] lines = head.split("\r\n");
        String version = version(lines[0]);
        if (lines.length - 1 > MAX_HEADERS) {
            throw problem(431, "too many headers (at most " + MAX_HEADERS + ")");
        }
        Map<String, Integer> times = new TreeMap<>();
        String length = "0";
        for (int i = 1; i < lines.length; i++) {
            var header = HEADER.matcher(lines[i]);
            if (!header.matches()) {
                throw problem(400, "a header can't be read (expected: name, colon and value on one line)");
            }
            String name = header.group("name").toLowerCase(Locale.ROOT);
            times.merge(name, 1, Integer::sum);
            if (name.equals("content-length")) {
                length = header.group("value").strip();
            }
        }
        check(times, version, length, maxBodyBytes);
    }

    private static String version(String line) {
        var parts = REQUEST_LINE.matcher(line);
        String version = parts.matches() ? parts.group("version") : "";
        if (!version.isEmpty() && !version.equals("1.1") && !version.equals("1.0")) {
            throw problem(505, "version (expected: HTTP/1.1 or HTTP/1.0)");
        }
        if (version.isEmpty() || !parts.group("target").startsWith("/")) {
            throw problem(
                    400,
                    "the request line can't be read (expected: method, a path that begins with a slash, and HTTP/1.1)");
        }
        return version;
    }

    private static void check(Map<String, Integer> times, String version, String length, int maxBodyBytes) {
        int hosts = times.getOrDefault("host", 0);
        if (hosts > 1 || hosts == 0 && version.equals("1.1")) {
            throw problem(400, "Host (expected: exactly once)");
        }
        for (String once : new String[] {"content-length", "transfer-encoding", "authorization", "origin", "expect"}) {
            if (times.getOrDefault(once, 0) > 1) {
                throw problem(400, once + " (expected: at most once)");
            }
        }
        if (times.containsKey("transfer-encoding")) {
            throw times.containsKey("content-length") || version.equals("1.0")
                    ? problem(400, "Transfer-Encoding (expected: Content-Length alone)")
                    : problem(411, "Transfer-Encoding (expected: Content-Length instead)");
        }
        if (!LENGTH.matcher(length).matches()) {
            throw problem(400, "Content-Length (expected: a number of bytes)");
        }
        if (Long.parseLong(length) > maxBodyBytes) {
            throw problem(413, "the body is too long (at most " + maxBodyBytes + " bytes)");
        }
    }

    private static ProblemException problem(int status, String detail) {
        return new ProblemException(Problem.of(status, detail));
    }
}
