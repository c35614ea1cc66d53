package net.voltlane.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.voltlane.testkit.Bytes;
import org.jspecify.annotations.Nullable;

/** A handler that records each call as a line, such as {@code 7 data hello}. */
class Recorder implements Handler {
    private static final int LIMIT_SECS = 10;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    final BlockingQueue<Firehose> firehoses = new LinkedBlockingQueue<>();
    final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
    final BlockingQueue<EndReason> reasons = new LinkedBlockingQueue<>();

    @Override
    public void started(Session session) {
        sessions.add(session);
        add(session.id() + " started");
    }

    @Override
    public void data(Session session, byte[] data) {
        add(session.id() + " data " + Bytes.text(data));
    }

    @Override
    public void reconnected(Session session) {
        add(session.id() + " reconnected");
    }

    @Override
    public void ended(Session session, EndReason reason) {
        reasons.add(reason);
        add(session.id() + " ended: " + reason.text());
    }

    @Override
    public void attached(Firehose firehose) {
        firehoses.add(firehose);
        add("attached");
    }

    @Override
    public void detached(Firehose firehose, String reason) {
        add("detached: " + reason);
    }

    @Override
    public void writable(Firehose firehose) {
        add("writable");
    }

    @Override
    public void failed(@Nullable Session session, Throwable error) {
        add("failed: " + error.getMessage());
    }

    final void add(String line) {
        lines.add(line);
    }

    /** Returns the next line; null if none comes. */
    final @Nullable String next() throws InterruptedException {
        return lines.poll(LIMIT_SECS, TimeUnit.SECONDS);
    }

    /** Returns the next line if it has come; an empty one if it has not. */
    final String nextIfAny() {
        String line = lines.poll();
        return line == null ? "" : line;
    }

    final void expect(String... expected) throws InterruptedException {
        for (String line : expected) {
            assertThat(next()).isEqualTo(line);
        }
    }

    /** Skips lines up to and including this one. */
    final void skipTo(String line) throws InterruptedException {
        String next = next();
        while (next != null && !next.equals(line)) {
            next = next();
        }
        assertThat(next).isEqualTo(line);
    }

    /** Skips lines up to and including one that starts so. */
    final void skipToStart(String start) throws InterruptedException {
        String next = next();
        while (next != null && !next.startsWith(start)) {
            next = next();
        }
        assertThat(next).startsWith(start);
    }

    final void expectNothingMore() {
        assertThat(lines).isEmpty();
    }

    final Session session() throws InterruptedException {
        Session session = sessions.poll(LIMIT_SECS, TimeUnit.SECONDS);
        assertThat(session).isNotNull();
        return session;
    }

    final Firehose firehose() throws InterruptedException {
        Firehose firehose = firehoses.poll(LIMIT_SECS, TimeUnit.SECONDS);
        assertThat(firehose).isNotNull();
        return firehose;
    }
}
