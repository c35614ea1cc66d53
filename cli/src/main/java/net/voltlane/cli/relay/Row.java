package net.voltlane.cli.relay;

import java.util.ArrayDeque;
import java.util.Deque;

/** The numbered packets of one direction of a firehose that were seen and are not acknowledged. */
final class Row {

    /** For each of them: true if it is a message. */
    private final Deque<Boolean> packets = new ArrayDeque<>();

    /** Number of those before them. */
    private long acknowledged;

    void add(boolean isMessage) {
        packets.add(isMessage);
    }

    void acknowledge(long count) {
        while (acknowledged < count && !packets.isEmpty()) {
            packets.remove();
            acknowledged++;
        }
    }

    /**
     * Forgets all but the first {@code received} packets: they are sent again.
     *
     * @return the number of messages among the forgotten
     */
    long lay(long received) {
        acknowledge(received);
        long messages = packets.stream().filter(isMessage -> isMessage).count();
        packets.clear();
        acknowledged = received;
        return messages;
    }
}
