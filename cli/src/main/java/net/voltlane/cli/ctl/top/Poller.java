package net.voltlane.cli.ctl.top;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import net.voltlane.cli.ctl.client.ApiClient;
import net.voltlane.cli.ctl.client.ApiException;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.client.SessionDoc;

/** Asks the server for everything that the view shows. Confined to one thread. */
public final class Poller {
    private static final String HISTORY = "history?resolution=1s&seconds=";
    /** More than the widest terminal has columns. */
    private static final int HISTORY_SECONDS = 300;

    private static final int SESSIONS = 100;
    private static final int NOT_FOUND = 404;

    private final ApiClient api;
    private final LongSupplier nanoTime;
    private final Rates rates = new Rates();

    /**
     * A poller that has not polled.
     *
     * @param nanoTime the time in ns, as by {@link System#nanoTime}
     */
    public Poller(ApiClient api, LongSupplier nanoTime) {
        this.api = api;
        this.nanoTime = nanoTime;
    }

    Sample poll(Order order) throws ApiException {
        Doc status = api.get("status").doc();
        Doc series = null;
        try {
            series = api.get(HISTORY + HISTORY_SECONDS).doc().at("series");
        } catch (ApiException e) {
            if (e.httpStatus() != NOT_FOUND) {
                throw e;
            }
        }
        rates.nextPoll();
        Map<Order, List<SessionRow>> sessions = new EnumMap<>(Order.class);
        for (Order each : List.of(order, order.companion())) {
            sessions.put(each, rows(each));
        }
        return new Sample(status, series, sessions);
    }

    private List<SessionRow> rows(Order order) throws ApiException {
        List<Doc> sessions = api.get("sessions?limit=" + SESSIONS + "&sort=" + order.sort)
                .doc()
                .list("sessions");
        long nowNanos = nanoTime.getAsLong();
        List<SessionRow> rows = new ArrayList<>();
        sessions.forEach(session -> rows.add(rates.row(new SessionDoc(session), nowNanos)));
        if (order == Order.NOISIEST) {
            // The server orders by the whole life of a session; what it does now is more of interest.
            rows.sort(Comparator.comparingDouble(SessionRow::bothPerSecond).reversed());
        }
        return rows;
    }

    /**
     * Everything that the view is made of, as one document: {@code status}, {@code history}, and the lists of sessions
     * {@code slowest} and {@code noisiest}.
     *
     * @throws ApiException if the server does not answer
     */
    public JsonObject document() throws ApiException {
        JsonObject all = new JsonObject();
        all.add("status", api.get("status").doc().json());
        all.add("history", api.get(HISTORY + HISTORY_SECONDS).doc().json());
        for (Order order : List.of(Order.SLOWEST, Order.NOISIEST)) {
            JsonObject list = api.get("sessions?limit=" + SESSIONS + "&sort=" + order.sort)
                    .doc()
                    .json();
            all.add(order.words, list.get("sessions"));
        }
        return all;
    }
}
