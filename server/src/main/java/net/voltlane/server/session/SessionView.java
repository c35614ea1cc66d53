package net.voltlane.server.session;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A session as it was when it was looked at. Immutable.
 *
 * @param address the client's, on the session's last link
 * @param protocolVersion of the client link
 * @param age time since the session was opened
 * @param lostFor time since its last link was lost; null while it has one
 * @param isBlocking the firehose waits for its client, which reads too slowly
 * @param missed packets that are kept for the client's next link
 * @param link its link; null while it has none
 * @param resumes number of times that the session was resumed
 */
public record SessionView(
        long id,
        State state,
        String address,
        int protocolVersion,
        Duration age,
        @Nullable Duration lostFor,
        boolean isBlocking,
        QueueView missed,
        @Nullable LinkView link,
        int resumes,
        Counts counts) {

    /** The state of a session, as operators see it. */
    public enum State {
        /** Its client is connected, or has just come back on a new link. */
        LIVE(Session::hasClient),
        /** Its link is being taken away; after that it is stale, or ends. */
        LEAVING(session -> session.state() == Session.State.DETACHING && !session.hasClient()),
        /** Its client is away, and may come back. */
        STALE(session -> session.state() == Session.State.STALE);

        private final Predicate<Session> test;

        State(Predicate<Session> test) {
            this.test = test;
        }

        boolean isStateOf(Session session) {
            return test.test(session);
        }
    }

    /**
     * Packets of a session from its opening on, over all of its links, with the bytes of their payload.
     *
     * @param packetsUp from the client
     * @param packetsDown from the master for the client, whether they reached it or not
     */
    public record Counts(long packetsUp, long bytesUp, long packetsDown, long bytesDown) {
        /** Adds the present link's counts to those of earlier links, which these are. */
        Counts plus(LinkView link) {
            return new Counts(packetsUp + link.packetsUp(), bytesUp + link.bytesUp(), packetsDown, bytesDown);
        }
    }

    /** True if its client does not take everything at once. */
    public boolean isSlow() {
        return isBlocking || link != null && link.waiting().packets() > 0;
    }

    static SessionView of(Session session, QueueView missed, long nowNanos) {
        boolean isLost = session.state() == Session.State.STALE;
        return new SessionView(
                session.id,
                stateOf(session),
                session.from().toString(),
                session.protocol().version(),
                Duration.ofNanos(Math.max(0, nowNanos - session.openedAtNanos)),
                isLost ? Duration.ofNanos(nowNanos - session.lostAtNanos) : null,
                session.blocking,
                missed,
                null,
                session.resumes,
                session.counts());
    }

    /** Adds the view of the session's link. */
    SessionView with(LinkView view) {
        Counts all = counts.plus(view);
        return new SessionView(
                id, state, address, protocolVersion, age, lostFor, isBlocking, missed, view, resumes, all);
    }

    private static State stateOf(Session session) {
        for (State state : State.values()) {
            if (state.isStateOf(session)) {
                return state;
            }
        }
        throw new AssertionError("an ended session");
    }
}
