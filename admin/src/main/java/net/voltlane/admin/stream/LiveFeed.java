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
import net.voltlane.admin.events.RecentEvents;
import net.voltlane.admin.history.History;
import net.voltlane.admin.history.HistoryJson;
import net.voltlane.admin.http.Json;
import net.voltlane.admin.http.Request;
import net.voltlane.admin.http.Response;
import net.voltlane.admin.http.ResponseStream;
import net.voltlane.admin.http.Route;
import net.voltlane.server.log.LogEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody who reads the stream what is new. An event is made once and sent to all. Belongs to the HTTP server's
 * thread, as its history does. The HTTP server bounds the number of streams, and drops a reader that does not read.
 *
 * <p>At most {@value #MAX_LINES} lines of the log are sent between two samples; those beyond are only counted.
 */
public final class LiveFeed {
    private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);

    /** The interval of ticks, in which a lag of the loops is noticed. */
    static final int TICK_MILLIS = 200;

    static final int MAX_LINES = 50;
    /** Members whose change is worth a status: other figures change all the time. */
    private static final List<String> STATE = List.of("state", "ready", "reasons", "listeners");

    private static final List<String> STATE_OF_MASTER = List.of("connected", "address");

    private final History history;
    private final Supplier<?> status;
    private final RecentEvents events;
    private final Set<ResponseStream> readers = new LinkedHashSet<>();

    /** The state that all readers know. */
    private String lastState = "";

    /** Lines since the last sample, and those that were not sent. */
    private int lines;

    private long skipped;
    /** The count of lines up to which all readers know them. */
    private long seenLines;

    private boolean hasFailed;

    /**
     * A feed without readers.
     *
     * @param status the present status, as the API answers it: what {@link Json} can write; called on the feed's thread
     * @param events the lines of the log
     */
    public LiveFeed(History history, Supplier<?> status, RecentEvents events) {
        this.history = history;
        this.status = status;
        this.events = events;
    }

    /** Takes samples from now on. */
    public void start(ScheduledExecutorService thread) {
        thread.scheduleWithFixedDelay(this::tickWhateverFails, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
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
            seenLines = events.count();
        }
        readers.add(reader);
        reader.onClose(() -> readers.remove(reader));
        reader.send(event("status", Json.text(now)));
    }

    /** Ticks. A failure is logged, the first time only: a timer that fails would never tick again. */
    void tickWhateverFails() {
        try {
            tick();
        } catch (RuntimeException e) {
            if (!hasFailed) {
                hasFailed = true;
                LogEvent.INTERNAL_ERROR.on(log).setCause(e).log("The live feed of the admin server failed");
            }
        }
    }

    /**
     * Sends what the log has had since the last tick. Takes a sample where it is time for one, and sends it, and the
     * status where it has changed.
     */
    void tick() {
        sendLines();
        if (!history.tick() || readers.isEmpty()) {
            return;
        }
        if (skipped > 0) {
            send("event", "{\"skipped\":" + skipped + '}');
        }
        skipped = 0;
        lines = 0;
        JsonObject now = status();
        String state = state(now);
        if (!state.equals(lastState)) {
            lastState = state;
            send("status", Json.text(now));
        }
        send("sample", HistoryJson.newest(history));
    }

    private void sendLines() {
        if (readers.isEmpty()) {
            return;
        }
        RecentEvents.Batch batch = events.after(seenLines);
        seenLines = batch.count();
        skipped += batch.missed();
        for (Object line : batch.lines()) {
            if (++lines <= MAX_LINES) {
                send("event", Json.text(line));
            } else {
                skipped++;
            }
        }
    }

    private void send(String name, String json) {
        byte[] event = event(name, json);
        for (ResponseStream reader : List.copyOf(readers)) { // a copy: a reader that is dropped is closed at once
            if (!reader.send(event)) {
                readers.remove(reader);
            }
        }
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
