package net.voltlane.admin.stream;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Everybody who reads the stream. An event is made once and sent to all. A reader that does not read is dropped, and
 * there are at most {@value #MAX_READERS} of them. Belongs to one thread.
 */
final class EventReaders {
    static final int MAX_READERS = 32;
    /** Some minutes of samples. */
    static final long MAX_WAITING_BYTES = 256 * 1024;

    private final Set<EventReader> readers = new LinkedHashSet<>();

    /** Adds a reader; false, and nothing is changed, where there are too many. */
    boolean add(EventReader reader) {
        return readers.size() < MAX_READERS && readers.add(reader);
    }

    /** Forgets a reader whose connection has ended. */
    void remove(EventReader reader) {
        readers.remove(reader);
    }

    /** The number of readers. */
    int size() {
        return readers.size();
    }

    /** Sends an event to all. */
    void send(String name, String json) {
        if (readers.isEmpty()) {
            return;
        }
        byte[] event = event(name, json);
        for (Iterator<EventReader> each = readers.iterator(); each.hasNext(); ) {
            EventReader reader = each.next();
            if (reader.waitingBytes() > MAX_WAITING_BYTES) {
                each.remove();
                reader.close();
            } else {
                reader.send(event);
            }
        }
    }

    /** Closes the connections of all. */
    void close() {
        Set<EventReader> all = Set.copyOf(readers);
        readers.clear();
        all.forEach(EventReader::close);
    }

    /**
     * An event as it is sent.
     *
     * @param json on one line
     */
    static byte[] event(String name, String json) {
        assert json.indexOf('\n') < 0 : "an event of several lines: " + json;
        return ("event: " + name + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
