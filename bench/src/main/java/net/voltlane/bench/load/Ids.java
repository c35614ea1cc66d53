package net.voltlane.bench.load;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The session id of each client, by its index. The clients' loops write it, a backend of the bench's own reads it, and
 * so finds out whether what comes under an id is of the client that has it.
 */
public final class Ids {

    private final AtomicLongArray ids;

    /** @param clients how many there are */
    public Ids(int clients) {
        ids = new AtomicLongArray(clients);
    }

    void set(int client, long id) {
        ids.setRelease(client, id);
    }

    /** Number of clients. */
    public int clients() {
        return ids.length();
    }

    /** The id of a client, 0 if it has none yet or there is no such client. */
    public long of(int client) {
        return client >= 0 && client < ids.length() ? ids.getAcquire(client) : 0;
    }
}
