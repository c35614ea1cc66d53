package net.voltlane.admin.stream;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.voltlane.admin.history.History;
import net.voltlane.admin.history.HistoryJson;
import net.voltlane.admin.http.Json;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.ResponseStream;
import net.voltlane.admin.http.Route;

/**
 * Tells everybody who reads the stream what is new. An event is made once and sent to all. Belongs to the HTTP server's
 * thread, as its history does. The HTTP server bounds the number of streams, and drops a reader that does not read.
 *
 * <p>At most {@value #MAX_LINES} lines of the log are sent between two samples; those beyond are only counted.
 */
public final class LiveFeed {
    /** The interval of ticks, in which a lag of the loops is noticed. */
    static final int TICK_MILLIS = 200;

    static final int MAX_LINES = 50;
    /** Members whose change is worth a status: other figures change all the time. */
    private static final List<String> STATE = List.of("state", "ready", "reasons", "listeners");

    private static final List<String> STATE_OF_MASTER = List.of("connected", "address");

    private final History history;
    private final Supplier<?> status;
    private final Set<ResponseStream> readers = new LinkedHashSet<>();

    /** The state that all readers know. */
    private String lastState = "";

    private int lines;

    /**
     * A feed without readers.
     *
     * @param status the present status, as the API answers it: what {@link Json} can write; called on the feed's thread
     */
    public LiveFeed(History history, Supplier<?> status) {
        this.history = history;
        this.status = status;
    }

    /** Takes samples from now on. */
    public void start(ScheduledExecutorService thread) {
        thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The address of the stream. */
    public List<Route> routes() {
        return List.of(Route.get("/api/v1/stream", this::open));
    }

    private CompletionStage<Response> open(Request request) {
        return Response.stream("text/event-stream", this::add).now();
    }

    /** Adds a reader, and sends it the present status. */
    void add(ResponseStream reader) {
        JsonObject now = status();
        if (readers.isEmpty()) {
            lastState = state(now);
        }
        readers.add(reader);
        reader.onClose(() -> readers.remove(reader));
        reader.send(event("status", Json.text(now)));
    }

    /** Takes a sample where it is time for one, and sends it, and the status where it has changed. */
    void tick() {
        if (!history.tick() || readers.isEmpty()) {
            return;
        }
        if (lines > MAX_LINES) {
            send("event", "{\"skipped\":" + (lines - MAX_LINES) + '}');
        }
        lines = 0;
        JsonObject now = status();
        String state = state(now);
        if (!state.equals(lastState)) {
            lastState = state;
            send("status", Json.text(now));
        }
        send("sample", HistoryJson.newest(history));
    }

    /** Sends a line of the log, which is written as the API does. Thread of the feed only. */
    public void line(Object line) {
        if (!readers.isEmpty() && ++lines <= MAX_LINES) {
            send("event", Json.text(line));
        }
    }

    private void send(String name, String json) {
        byte[] event = event(name, json);
        readers.removeIf(reader -> !reader.send(event));
    }

    private JsonObject status() {
        return Json.tree(status.get()).getAsJsonObject();
    }

    private static byte[] event(String name, String json) {
        assert json.indexOf('\n') < 0 : "an event of several lines: " + json;
        return ("event: " + name + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String state(JsonObject status) {
        StringBuilder state = new StringBuilder().append(status.get("drain"));
        STATE.forEach(name -> state.append(status.get(name)));
        JsonObject master = status.getAsJsonObject("master");
        STATE_OF_MASTER.forEach(name -> state.append(master.get(name)));
        return state.toString();
    }
}
