package net.voltlane.server.session;

import net.voltlane.protocol.Reason;
import net.voltlane.server.session.ClientPort.Detach;
import org.jspecify.annotations.Nullable;

/**
 * The end of a session on this server while it lives on elsewhere: another server has it by now, or this one stops and
 * leaves it to its record. Its link is taken away, and what is kept for its client is handed over. Belongs to the session
 * loop.
 */
final class LettingGo {
    /** The time for which a link that has proved itself counts as newer than what is heard of other servers. */
    private static final long LATELY_NANOS = 10_000_000_000L;

    private final SessionEnvironment env;
    private final SessionLife life;
    private final StaleSessions stale;
    private final FirehoseHold firehose;
    /** The way of what is kept to other servers; null if there are none. */
    private @Nullable HandOvers handOvers;
    /** Remembers what was let go; null where sessions have no records. */
    private @Nullable LetGoWatch watch;

    LettingGo(SessionEnvironment env, SessionLife life, StaleSessions stale, FirehoseHold firehose) {
        this.env = env;
        this.life = life;
        this.stale = stale;
        this.firehose = firehose;
    }

    /** Hands over what is kept for the sessions that are let go, from now on. */
    void handOvers(HandOvers next) {
        handOvers = next;
    }

    /** Has the sessions watched that are let go, from now on. */
    void watch(LetGoWatch next) {
        watch = next;
    }

    /**
     * Gives up a session that another server has by now. The master is not told of an end, as the session lives on there.
     * A client that has come only lately may be right here, so that its link is not ended for good.
     *
     * @param epoch that of the other server
     * @param isInDoubt nobody here knows who is right, since the store does not answer: the client may come again
     */
    void letGo(Session session, long epoch, boolean isInDoubt) {
        NextStep step = NextStep.letGo(epoch);
        session.isLetGo(session.isLetGo() || !session.isEnding());
        switch (session.state()) {
            case LIVE -> {
                if (isInDoubt || session.resumes > 0 && now() - session.attachedAtNanos() < LATELY_NANOS) {
                    firehose.unblock(session);
                    session.detaching(step);
                    session.link().detachForNow(Detach.GIVE_BACK);
                } else {
                    life.detach(session, Detach.GIVE_BACK, step);
                }
            }
            case STALE -> {
                stale.remove(session);
                gone(session, epoch);
            }
            case DETACHING -> {
                if (!session.isEnding()) {
                    ClientPort successor = session.successor();
                    session.detaching(step);
                    if (successor != null) {
                        successor.refused(Refusal.STORE_AWAY); // it has just come, and may be its client's only link
                    }
                    session.link().nextStepChanged();
                }
            }
            case ENDED -> throw new AssertionError("an ended session is not in the table");
        }
    }

    /** True if what is kept for a session of this kind is handed over. */
    boolean isHandedOver(Session session) {
        return handOvers != null && handOvers.areOfUseTo(session.protocol());
    }

    /** The session has no link any more. */
    void gone(Session session, long epoch) {
        boolean isTold = life.gone(session) || wasHere(session);
        if (handOvers != null && isHandedOver(session)) {
            handOvers.give(session, epoch);
        }
        life.packets.dropKept(session);
        if (watch != null && isTold) {
            watch.letGo(LetGoSession.of(session));
        }
        life.oneEnded();
    }

    /**
     * The session has ended. It may have come back to this server while the master was away, so that the master has it here
     * from an earlier time and has heard of nothing since: it is told of the end alone.
     */
    void ended(Session session, Reason reason) {
        if (!session.isKnownToMaster && wasHere(session)) {
            env.master().abandoned(LetGoSession.of(session), reason);
        }
    }

    private static boolean wasHere(Session session) {
        FormerServer former = session.former();
        return former != null && former.wasHere();
    }

    private long now() {
        return env.nanoClock().getAsLong();
    }
}
