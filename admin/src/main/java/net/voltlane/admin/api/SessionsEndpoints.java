package net.voltlane.admin.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import net.voltlane.admin.http.Problem;
import net.voltlane.admin.http.ProblemException;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.Route;
import net.voltlane.server.VoltlaneServer;
import net.voltlane.server.address.Cidr;
import net.voltlane.server.log.LogEvent;
import net.voltlane.server.log.LogField;
import net.voltlane.server.session.ExpiredCursorException;
import net.voltlane.server.session.SessionPage;
import net.voltlane.server.session.SessionQuery;
import net.voltlane.server.session.SessionQuery.Order;
import net.voltlane.server.session.SessionView;
import net.voltlane.server.session.TooManyPagesException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists sessions, shows one, and ends one. Thread-safe. */
final class SessionsEndpoints {
    private static final Logger log = LoggerFactory.getLogger(SessionsEndpoints.class);

    private static final int DEFAULT_LIMIT = 50;

    private static final Map<String, SessionView.State> STATES = states();
    private static final Map<String, Boolean> YES_OR_NO = new TreeMap<>(Map.of("true", true, "false", false));
    private static final Map<String, Order> ORDERS = orders();

    private final VoltlaneServer server;
    private final Cursors cursors;

    SessionsEndpoints(VoltlaneServer server, Cursors cursors) {
        this.server = server;
        this.cursors = cursors;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/v1/sessions", this::list),
                Route.get("/api/v1/sessions/{id}", this::one),
                Route.post("/api/v1/sessions/{id}/kick", this::kick));
    }

    private static Map<String, Order> orders() {
        Map<String, Order> orders = new LinkedHashMap<>();
        orders.put("opened", Order.OLDEST_FIRST);
        orders.put("-opened", Order.NEWEST_FIRST);
        orders.put("-waiting", Order.MOST_WAITING);
        orders.put("-traffic", Order.MOST_TRAFFIC);
        return orders;
    }

    private static Map<String, SessionView.State> states() {
        Map<String, SessionView.State> states = new LinkedHashMap<>();
        for (SessionView.State state : SessionView.State.values()) {
            states.put(state.name().toLowerCase(Locale.ROOT), state);
        }
        return states;
    }

    // ---- a page

    @SuppressWarnings(
            "NullAway") // a query takes null for any state: NullAway misses that in the class file of a nested type
    private CompletionStage<Response> list(Request request) {
        Parameters parameters = Parameters.of(request, "state", "address", "slow", "sort", "limit", "cursor");
        SessionView.@Nullable State state = parameters.word("state", STATES);
        @Nullable Cidr within = parameters.network("address");
        boolean onlySlow = Boolean.TRUE.equals(parameters.word("slow", YES_OR_NO));
        @Nullable Order sort = parameters.word("sort", ORDERS);
        int limit = parameters.number("limit", 1, SessionQuery.MAX_LIMIT, DEFAULT_LIMIT);
        Order order = sort == null ? Order.OLDEST_FIRST : sort;
        SessionQuery question = new SessionQuery(state, within, onlySlow, order, 1, null);
        SessionQuery query = new SessionQuery(
                state, within, onlySlow, order, limit, cursors.session(parameters.text("cursor"), question));
        return server.sessions(query).handle((page, failure) -> {
            if (failure != null) {
                throw problem(failure);
            }
            return Response.json(200, page(page, question));
        });
    }

    private Map<String, Object> page(SessionPage page, SessionQuery question) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("sessions", page.sessions().stream().map(SessionJson::of).toList());
        document.put(
                "next", page.next().map(next -> cursors.text(next, question)).orElse(null));
        return document;
    }

    /** The answer to a question that the server could not answer. */
    private static RuntimeException problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ExpiredCursorException) {
            return Cursors.unknown();
        }
        if (cause instanceof TooManyPagesException) {
            return new ProblemException(Problem.of(503, cause.getMessage() + " (expected: another try later)"));
        }
        if (cause instanceof IllegalStateException) {
            return new ProblemException(Problem.of(503, "the server has ended"));
        }
        return new CompletionException(cause);
    }

    // ---- one session

    private CompletionStage<Response> one(Request request) {
        Parameters.of(request);
        long id = id(request);
        return server.session(id).handle((found, failure) -> {
            if (failure != null) {
                throw problem(failure);
            }
            return found.map(view -> Response.json(200, SessionJson.of(view))).orElseThrow(() -> none(id));
        });
    }

    private CompletionStage<Response> kick(Request request) {
        Parameters.of(request);
        Body.of(request);
        long id = id(request);
        return server.kick(id).handle((isKicked, failure) -> {
            if (failure != null) {
                throw problem(failure);
            }
            if (!isKicked) {
                throw none(id);
            }
            LogEvent.SESSION_KICKED
                    .on(log)
                    .addKeyValue(LogField.SESSION.key(), SessionJson.id(id))
                    .log("Session {} kicked by an operator", SessionJson.id(id));
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("id", SessionJson.id(id));
            document.put("kicked", true);
            return Response.json(200, document);
        });
    }

    private static long id(Request request) {
        String text = request.pathParameter("id");
        try {
            if (text.matches("[0-9]{1,20}")) {
                return Long.parseUnsignedLong(text);
            }
        } catch (NumberFormatException e) {
            // the same answer
        }
        throw Parameters.wrong("id: " + Parameters.shown(text) + " (expected: the id of a session, a whole number)");
    }

    private static ProblemException none(long id) {
        return new ProblemException(Problem.of(404, "there is no session " + SessionJson.id(id)));
    }
}
