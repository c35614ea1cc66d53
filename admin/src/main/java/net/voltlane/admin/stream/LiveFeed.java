package net.voltlane.admin.stream;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.function.Supplier;
import net.voltlane.admin.history.History;
import net.voltlane.admin.history.HistoryJson;

/**
 * Tells the readers of the stream what is new. Belongs to the thread of its history, which calls {@link #tick} several
 * times a second.
 *
 * <p>At most {@value #MAX_LINES} lines of the log are sent between two samples; those beyond are only counted.
 */
public final class LiveFeed {
    /** The interval of calls of {@link #tick}, in which a lag of the loops is noticed. */
    public static final int TICK_MILLIS = 200;

    static final int MAX_LINES = 50;
    /** Members whose change is worth a status: other figures change all the time. */
    private static final List<String> STATE = List.of("state", "ready", "reasons", "listeners");

    private static final List<String> STATE_OF_MASTER = List.of("connected", "address");

    private final History history;
    private final Supplier<JsonObject> status;
    private final EventReaders readers = new EventReaders();

    /** The state that all readers know. */
    private String lastState = "";

    private int lines;

    /** @param status the present status, as the API answers it; called on the feed's thread */
    public LiveFeed(History history, Supplier<JsonObject> status) {
        this.history = history;
        this.status = status;
    }

    /** Takes a sample where it is time for one, and sends it, and the status where it has changed. */
    public void tick() {
        if (!history.tick() || readers.size() == 0) {
            return;
        }
        if (lines > MAX_LINES) {
            readers.send("event", "{\"skipped\":" + (lines - MAX_LINES) + '}');
        }
        lines = 0;
        JsonObject now = status.get();
        String state = state(now);
        if (!state.equals(lastState)) {
            lastState = state;
            readers.send("status", now.toString());
        }
        readers.send("sample", HistoryJson.newest(history));
    }

    /** Sends a line of the log, as the API writes it. */
    public void line(JsonObject line) {
        if (readers.size() > 0 && ++lines <= MAX_LINES) {
            readers.send("event", line.toString());
        }
    }

    /**
     * Adds a reader, and sends it the present status.
     *
     * @return false, and nothing was sent, where there are too many readers
     */
    public boolean add(EventReader reader) {
        if (!readers.add(reader)) {
            return false;
        }
        JsonObject now = status.get();
        if (readers.size() == 1) {
            lastState = state(now);
        }
        reader.send(EventReaders.event("status", now.toString()));
        return true;
    }

    /** Forgets a reader whose connection has ended. */
    public void remove(EventReader reader) {
        readers.remove(reader);
    }

    /** The number of readers. */
    public int readers() {
        return readers.size();
    }

    /** Closes the connections of all readers. */
    public void close() {
        readers.close();
    }

    private static String state(JsonObject status) {
        StringBuilder state = new StringBuilder().append(status.get("drain"));
        STATE.forEach(name -> state.append(status.get(name)));
        STATE_OF_MASTER.forEach(
                name -> state.append(status.getAsJsonObject("master").get(name)));
        return state.toString();
    }
}
