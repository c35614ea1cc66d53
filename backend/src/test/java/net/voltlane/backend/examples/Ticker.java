package net.voltlane.backend.examples;

import java.util.ArrayDeque;
import java.util.Queue;
import net.voltlane.backend.Firehose;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;
import org.jspecify.annotations.Nullable;

/** Sends quotes to one subscriber, and keeps only the newest of those that do not fit. */
final class Ticker implements Handler {
    private static final int KEPT = 10;

    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private @Nullable Session subscriber;

    @Override
    public synchronized void data(Session session, byte[] data) {
        subscriber = session;
        sendWaiting();
    }

    synchronized void publish(byte[] quote) {
        waiting.add(quote);
        if (waiting.size() > KEPT) {
            waiting.remove();
        }
        sendWaiting();
    }

    @Override
    public synchronized void writable(Firehose firehose) {
        sendWaiting();
    }

    private void sendWaiting() {
        Session to = subscriber;
        while (to != null && !waiting.isEmpty() && to.trySend(waiting.element())) {
            waiting.remove();
        }
    }
}
