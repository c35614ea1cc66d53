package net.voltlane.server.session;

import java.util.concurrent.TimeUnit;
import net.voltlane.server.session.ClientPort.Detach;

/**
 * The first part of an orderly stop: ends sessions one after the other, so that thousands of clients do not all connect
 * to another server in the same second, and gives clients time to take what waits for them. {@link Sessions#stop} ends
 * whatever is left. The rules:
 *
 * <ul>
 *   <li>A live session with nothing waiting for its client ends when its turn comes. {@value #AT_ONCE} sessions end at
 *       once. The others end at an even rate, which is the rate that ends all of them within the time, but at least
 *       {@value #LEAST_PER_SEC} per second.
 *   <li>A live session with something waiting goes on until its client has taken that, and then waits for its turn.
 *   <li>A stale session for which nothing waits ends at once: its client would come back for nothing.
 *   <li>A stale session that keeps packets for its client goes on, so that the client can come back for them.
 *   <li>When only stale sessions are left, the drain is over: clients that are not there hold up no stop.
 * </ul>
 *
 * A session of which the store has a record does not end, but goes to wait there for another server. Any other ends as in an
 * orderly stop: what its link has read goes to the master, and the master is told of the end.
 * Belongs to the session loop.
 */
public final class SessionDrain {
    /** The number of sessions that end without any wait. */
    static final int AT_ONCE = 200;
    /** The slowest rate at which sessions end. */
    static final int LEAST_PER_SEC = 200;
    /** The number of sessions that one step looks at. */
    static final int SLICE = 1024;

    private static final double MOST_SAVED_SECS = 0.1;

    private final SessionLife life;
    private final SessionTable table;
    private final StaleSessions stale;
    private final double perSec;
    /** The most sessions that may end in one step, however long nothing could end before. */
    private final double mostAtOnce;

    private SessionTable.Walk walk;
    /** The number of live sessions that may end now. */
    private double due = AT_ONCE;

    private long lastNanos;

    SessionDrain(SessionLife life, SessionTable table, StaleSessions stale, long nowNanos, long timeoutNanos) {
        this.life = life;
        this.table = table;
        this.stale = stale;
        double seconds = timeoutNanos / (double) TimeUnit.SECONDS.toNanos(1);
        perSec = Math.max(LEAST_PER_SEC, (table.size() - stale.size()) / seconds);
        mostAtOnce = Math.max(AT_ONCE, perSec * MOST_SAVED_SECS);
        lastNanos = nowNanos;
        walk = table.walk(false);
    }

    /**
     * Ends the sessions whose turn it is, after a look at {@value #SLICE} sessions at most. To be called some dozens of
     * times a second.
     *
     * @param nowNanos real time: an operator who waits for the stop does not wait for served time
     * @return true if the drain is over
     */
    public boolean step(long nowNanos) {
        double seconds = (nowNanos - lastNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        due = Math.min(mostAtOnce, due + perSec * seconds);
        lastNanos = nowNanos;
        for (int i = 0; i < SLICE; i++) {
            Session session = walk.next();
            if (session == null) {
                walk.close();
                walk = table.walk(false); // for the next step: sessions have got their turn, or have something waiting
                break;
            }
            look(session);
        }
        return isOver();
    }

    private void look(Session session) {
        switch (session.state()) {
            case LIVE -> {
                if (due >= 1 && !session.isSlow()) {
                    due--;
                    life.leave(session, Detach.DELIVER);
                }
            }
            case STALE -> {
                if (session.waitingBytes() == 0) {
                    life.leave(session, Detach.DISCARD);
                }
            }
            case DETACHING -> {} // its next state is soon known
            case ENDED -> throw new AssertionError("an ended session is not in the table");
        }
    }

    private boolean isOver() {
        return table.size() == stale.size();
    }

    /** Ends the drain, whether it is over or not. */
    public void close() {
        walk.close();
    }
}
