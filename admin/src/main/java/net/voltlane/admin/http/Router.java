package net.voltlane.admin.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route for a request. Paths are compared segment by segment, exactly. Immutable. */
final class Router {
    /** A route with the segments that its template leaves open. */
    record Match(Route route, Map<String, String> pathParameters) {}

    private final List<Route> routes;

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * The route for a request.
     *
     * @param path decoded segments of the path, the empty text before the first slash included
     * @throws ProblemException 404 for a path without a route, 405 for a method that its routes do not have
     */
    Match find(String method, List<String> path) {
        String served = method.equals("HEAD") ? "GET" : method;
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> parameters = match(route.segments(), path);
            if (parameters != null) {
                if (route.method().equals(served)) {
                    return new Match(route, parameters);
                }
                allowed.add(route.method());
            }
        }
        if (allowed.isEmpty()) {
            throw new ProblemException(Problem.of(404, "there is nothing at this path"));
        }
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        String methods = String.join(", ", allowed);
        throw new ProblemException(Problem.of(405, "this path takes " + methods).withHeader("Allow", methods));
    }

    private static @Nullable Map<String, String> match(List<String> template, List<String> path) {
        if (template.size() != path.size()) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            String segment = path.get(i);
            if (expected.startsWith("{")) {
                if (segment.isEmpty()) {
                    return null;
                }
                parameters.put(expected.substring(1, expected.length() - 1), segment);
            } else if (!expected.equals(segment)) {
                return null;
            }
        }
        return parameters;
    }

    /** All routes, for the description of the API. */
    List<Route> routes() {
        return new ArrayList<>(routes);
    }
}
