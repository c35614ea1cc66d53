package net.voltlane.server.session;

import net.voltlane.protocol.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The next step of a session whose link is being detached: it becomes stale, moves to another link, ends, or is given up. Immutable.
 * Every way from one step to another is drawn at {@link Session.State}.
 */
final class NextStep {
    enum Kind {
        BECOME_STALE,
        MOVE,
        END,
        /** The session is given up, since another server has it. */
        LET_GO
    }

    static final byte[] NO_TEXT = {};
    static final NextStep BECOME_STALE = new NextStep(Kind.BECOME_STALE, null, null, NO_TEXT, false, 0);

    private final Kind kind;
    /** The link that the session moves to; null if it does not move. */
    private final @Nullable ClientPort link;
    /** The reason for which the session ends, with this step or right behind it; null if it goes on. */
    private final @Nullable Reason reason;
    /** The master's own words at a kick, in UTF-8; empty where there are none. */
    private final byte[] text;
    /** The session moves from a link that still looked alive. */
    private final boolean takeover;
    /** The epoch of the server that has it by now, if it is given up. */
    private final long epoch;

    private NextStep(
            Kind kind, @Nullable ClientPort link, @Nullable Reason reason, byte[] text, boolean takeover, long epoch) {
        this.kind = kind;
        this.link = link;
        this.reason = reason;
        this.text = text;
        this.takeover = takeover;
        this.epoch = epoch;
    }

    static NextStep moveTo(ClientPort link) {
        return new NextStep(Kind.MOVE, link, null, NO_TEXT, false, 0);
    }

    /** Makes a move from a link that still looked alive. */
    static NextStep takeOver(ClientPort link) {
        return new NextStep(Kind.MOVE, link, null, NO_TEXT, true, 0);
    }

    static NextStep end(Reason reason, byte[] text) {
        return new NextStep(Kind.END, null, reason, text, false, 0);
    }

    /** @param epoch that of the server that has the session by now */
    static NextStep letGo(long epoch) {
        return new NextStep(Kind.LET_GO, null, null, NO_TEXT, false, epoch);
    }

    /**
     * Adds the end of the session behind this move, once the new link has delivered everything. The first reason
     * stands.
     */
    NextStep andEnd(Reason endReason, byte[] endText) {
        assert kind == Kind.MOVE;
        return reason == null ? new NextStep(Kind.MOVE, link, endReason, endText, takeover, 0) : this;
    }

    /** The step that is left of this move if its link is lost. */
    NextStep withoutLink() {
        assert kind == Kind.MOVE;
        return reason == null ? BECOME_STALE : end(reason, text);
    }

    Kind kind() {
        return kind;
    }

    boolean isTakeover() {
        return takeover;
    }

    long epoch() {
        return epoch;
    }

    @Nullable
    ClientPort link() {
        return link;
    }

    @Nullable
    Reason reason() {
        return reason;
    }

    byte[] text() {
        return text;
    }

    @Override
    public String toString() {
        return kind + (reason == null ? "" : ", " + reason.text());
    }
}
