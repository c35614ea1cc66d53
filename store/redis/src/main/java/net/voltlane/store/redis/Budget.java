package net.voltlane.store.redis;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what is under way to Redis, so that a slow one does not fill the server's memory. Each connection has a budget of
 * its own. Thread-safe.
 */
final class Budget {
    /** Questions that may be under way. Twice what a server with 20,000 opens in a second asks within a second and a half. */
    static final int MAX_QUESTIONS = 65_536;
    /** Their bytes. */
    static final int MAX_BYTES = 64 << 20;

    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger bytes = new AtomicInteger();

    /** Takes room for questions; false if there is none. Where nothing is under way, there is room for any number. */
    boolean take(int count, int size) {
        int before = questions.getAndAdd(count);
        int bytesBefore = bytes.getAndAdd(size);
        boolean fits = before == 0 || (before + count <= MAX_QUESTIONS && (long) bytesBefore + size <= MAX_BYTES);
        if (!fits) {
            give(count, size);
        }
        return fits;
    }

    /** Gives room back. */
    void give(int count, int size) {
        questions.addAndGet(-count);
        bytes.addAndGet(-size);
    }

    int questions() {
        return questions.get();
    }
}
