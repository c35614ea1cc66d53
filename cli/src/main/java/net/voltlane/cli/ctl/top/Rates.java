package net.voltlane.cli.ctl.top;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.voltlane.cli.ctl.client.Doc;
import net.voltlane.cli.ctl.client.SessionDoc;
import org.jspecify.annotations.Nullable;

/**
 * Computes how fast sessions send and receive, from what their counters were at the poll before. For a session that was
 * not in a list then, it is the mean of its whole life. Confined to the thread that polls.
 */
final class Rates {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private record Count(double up, double down, long atNanos) {}

    private Map<String, Count> before = Map.of();
    private Map<String, Count> now = new HashMap<>();

    /** Forgets the sessions that were in no list of the last poll. Called before each poll. */
    void nextPoll() {
        before = now;
        now = new HashMap<>();
    }

    /** The row for a session that was polled at {@code nowNanos}. */
    SessionRow row(SessionDoc session, long nowNanos) {
        String id = session.id();
        Doc doc = session.doc();
        Count count = new Count(doc.numberOrZero("bytesUp"), doc.numberOrZero("bytesDown"), nowNanos);
        now.put(id, count);
        Count last = before.get(id);
        double seconds =
                last == null ? Math.max(1, session.ageSeconds()) : (nowNanos - last.atNanos) / NANOS_PER_SECOND;
        return new SessionRow(
                id,
                session.state(),
                session.ageSeconds(),
                session.waiting(),
                perSecond(count.up, last == null ? null : last.up, seconds),
                perSecond(count.down, last == null ? null : last.down, seconds),
                session.client());
    }

    private static double perSecond(double count, @Nullable Double last, double seconds) {
        double grown = count - (last == null ? 0 : last);
        return seconds <= 0 ? 0 : Math.max(0, grown / seconds);
    }
}
