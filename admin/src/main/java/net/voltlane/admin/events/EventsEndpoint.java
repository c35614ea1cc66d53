package net.voltlane.admin.events;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.http.Endpoint;
import net.voltlane.admin.http.Problem;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import org.jspecify.annotations.Nullable;

/** Answers with the last lines of the log, newest first. */
public final class EventsEndpoint implements Endpoint {
    private static final int USUAL = 100;

    private final RecentEvents events;

    /** @param events the lines to answer with */
    public EventsEndpoint(RecentEvents events) {
        this.events = events;
    }

    /** The address of the lines. */
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/events", this));
    }

    @Override
    public CompletionStage<Response> handle(Request request) {
        request.checkParameters("limit");
        return Response.json(200, Map.of("events", events.newest(limit(request.parameter("limit")))))
                .now();
    }

    private static int limit(@Nullable String given) {
        if (given == null) {
            return USUAL;
        }
        try {
            int limit = Integer.parseInt(given);
            if (limit >= 1 && limit <= RecentEvents.CAPACITY) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // the same answer
        }
        throw new ProblemException(
                Problem.of(400, "limit (expected: a number from 1 to " + RecentEvents.CAPACITY + ")"));
    }
}
