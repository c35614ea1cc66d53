package net.voltlane.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A listener that records its calls as words: {@code connected new}, {@code suspended}, {@code closed SESSION_GONE
 * true}.
 */
final class Recorder implements ClientListener {

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    @Override
    public void connected(VoltlaneClient client, boolean isNew) {
        events.add("connected " + (isNew ? "new" : "old"));
    }

    @Override
    public void suspended(VoltlaneClient client, IOException cause) {
        events.add("suspended");
    }

    @Override
    public void resumed(VoltlaneClient client) {
        events.add("resumed");
    }

    @Override
    public void sessionGone(VoltlaneClient client, long discardedPackets) {
        events.add("gone " + discardedPackets);
    }

    @Override
    public void closed(VoltlaneClient client, CloseReason reason, boolean retryable) {
        events.add("closed " + reason + " " + retryable);
    }

    /**
     * Waits for an event that starts with {@code event}, and returns all events up to it. Each event is returned once.
     */
    List<String> until(String event) throws InterruptedException {
        List<String> came = new ArrayList<>();
        while (true) {
            String next = events.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("waited for \"" + event + "\" after " + seen);
            }
            seen.add(next);
            came.add(next);
            if (next.startsWith(event)) {
                return came;
            }
        }
    }
}
