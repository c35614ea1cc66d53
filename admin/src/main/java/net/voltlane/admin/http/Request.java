package net.voltlane.admin.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request whose permission has been checked. Immutable, except that the body is not copied.
 *
 * @param path decoded, without the query
 * @param pathParameters the open segments of the route's template, by name
 * @param query decoded parameters, each of which was given once
 * @param headers by name in lower case; the first value of each
 * @param body empty where there is none
 * @param isTrusted true if the peer may read: it is on this machine, or has the token
 */
public record Request(
        String method,
        String path,
        Map<String, String> pathParameters,
        Map<String, String> query,
        Map<String, String> headers,
        byte[] body,
        boolean isTrusted) {
    /** The value of an open segment of the route's template. */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no {" + name + "} in the template");
        }
        return value;
    }

    /** The value of a query parameter; null where it is not given. */
    public @Nullable String parameter(String name) {
        return query.get(name);
    }

    /** The value of a header; null where it is not given. */
    public @Nullable String header(String nameInLowerCase) {
        return headers.get(nameInLowerCase);
    }

    /**
     * Refuses a query with other parameters than these: a misspelt one would be as if it were not there.
     *
     * @throws ProblemException 400 if there is one
     */
    public void checkParameters(String... known) {
        if (!List.of(known).containsAll(query.keySet())) {
            throw new ProblemException(
                    Problem.of(400, "unknown parameter (expected: " + String.join(", ", known) + ")"));
        }
    }
}
