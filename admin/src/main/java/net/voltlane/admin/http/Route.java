package net.voltlane.admin.http;

import java.util.List;

/**
 * An endpoint with its address.
 *
 * @param method {@code GET} or {@code POST}; HEAD is served by the route for GET
 * @param template a path such as {@code /api/v1/sessions/{id}}; a part in braces stands for one segment of any text
 */
public record Route(String method, String template, Access access, Endpoint endpoint) {
    /** A route for reading. */
    public static Route get(String template, Endpoint endpoint) {
        return new Route("GET", template, Access.READ, endpoint);
    }

    /** A route that changes something. */
    public static Route post(String template, Endpoint endpoint) {
        return new Route("POST", template, Access.CHANGE, endpoint);
    }

    /** A route for reading that needs no permission. */
    public static Route open(String template, Endpoint endpoint) {
        return new Route("GET", template, Access.OPEN, endpoint);
    }

    List<String> segments() {
        return List.of(template.split("/", -1));
    }
}
