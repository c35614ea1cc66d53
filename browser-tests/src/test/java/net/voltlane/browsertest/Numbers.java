package net.voltlane.browsertest;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import net.voltlane.backend.ClientInfo;
import net.voltlane.backend.Handler;
import net.voltlane.backend.Session;

/**
 * A backend that sends 1, 2, 3 … to each session, and gets 1, 2, 3 … from it. It is some packets ahead of what a
 * client has acknowledged.
 */
final class Numbers implements Handler {
    /** The last number: enough for a dozen cuts and reloads to come before it, also where each lets hundreds pass. */
    static final int GOAL = 8_000;

    private static final int AHEAD = 150;

    private final Map<Session, Integer> sent = new ConcurrentHashMap<>();
    /** The last number from each session. */
    private final Map<Session, Integer> got = new ConcurrentHashMap<>();
    /** Packets that were not the next one. */
    final List<String> faults = new CopyOnWriteArrayList<>();

    @Override
    public void opened(Session session, ClientInfo client) {
        got.put(session, 0);
        sendUpTo(AHEAD, session);
    }

    @Override
    public void delivered(Session session, long count) {
        sendUpTo(count + AHEAD, session);
    }

    @Override
    public void data(Session session, byte[] data) {
        int number = ByteBuffer.wrap(data).getInt();
        int before = got.put(session, number);
        if (number != before + 1 || data.length != length(number)) {
            faults.add("%d of %d bytes after %d".formatted(number, data.length, before));
        }
    }

    /** The number of clients that have sent everything. */
    long complete() {
        return got.values().stream().filter(number -> number == GOAL).count();
    }

    int sessions() {
        return got.size();
    }

    private void sendUpTo(long number, Session session) {
        int next = sent.getOrDefault(session, 0) + 1;
        for (; next <= Math.min(number, GOAL); next++) {
            session.send(ByteBuffer.allocate(length(next)).putInt(0, next));
        }
        sent.put(session, next - 1);
    }

    private static int length(int number) {
        return 4 + number % 300;
    }
}
