package net.voltlane.admin.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Map;

/**
 * The strict rules for requests: whatever another program on the way could read differently is refused, so that nobody
 * can smuggle a request past it.
 */
final class RequestFaults {
    private RequestFaults() {}

    /** The problem for a request that the decoder could not read. */
    static Problem problem(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(414, "the request line is too long");
        } else if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(431, "the headers are too long");
        }
        return Problem.of(400, "the request can't be read");
    }

    /** @throws ProblemException for what can be read, but in more than one way */
    static void check(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw new ProblemException(Problem.of(505, "version (expected: HTTP/1.1 or HTTP/1.0)"));
        }
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            throw new ProblemException(Problem.of(411, "Transfer-Encoding (expected: Content-Length instead)"));
        }
        if (headers.getAll(HttpHeaderNames.AUTHORIZATION).size() > 1) {
            throw new ProblemException(Problem.of(400, "Authorization (expected: once)"));
        }
        for (Map.Entry<String, String> header : headers) {
            String value = header.getValue();
            if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7F)) {
                throw new ProblemException(Problem.of(400, "a header has a control character"));
            }
        }
    }
}
