package net.voltlane.admin.history;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.http.Endpoint;
import net.voltlane.admin.http.Problem;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import org.jspecify.annotations.Nullable;

/** Answers with the past of the figures. Belongs to the thread of its history. */
public final class HistoryEndpoint implements Endpoint {
    private static final int MOST_SECONDS = (int) Duration.ofDays(1).toSeconds();

    private final History history;

    public HistoryEndpoint(History history) {
        this.history = history;
    }

    /** The address of the history. */
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/history", this));
    }

    @Override
    public CompletionStage<Response> handle(Request request) {
        request.checkParameters("resolution", "seconds");
        String given = request.parameter("resolution");
        Optional<Resolution> resolution = given == null ? Optional.of(Resolution.SECOND) : Resolution.of(given);
        if (resolution.isEmpty()) {
            throw new ProblemException(Problem.of(400, "resolution (expected: 1s or 30s)"));
        }
        int seconds = seconds(request.parameter("seconds"));
        return Response.text(200, "application/json", HistoryJson.columns(history, resolution.get(), seconds))
                .now();
    }

    private static int seconds(@Nullable String given) {
        if (given == null) {
            return MOST_SECONDS;
        }
        try {
            int seconds = Integer.parseInt(given);
            if (seconds >= 1 && seconds <= MOST_SECONDS) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // the same answer
        }
        throw new ProblemException(Problem.of(400, "seconds (expected: a number from 1 to " + MOST_SECONDS + ")"));
    }
}
