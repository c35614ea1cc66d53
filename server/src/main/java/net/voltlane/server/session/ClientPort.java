package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.voltlane.protocol.Reason;
import net.voltlane.protocol.Tag;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * The session loop's end of a client link. Every call is only queued for the link's own loop, and all calls arrive there
 * in their order. The link answers through {@link Sessions}, over the queue that carries its data as well.
 *
 * <p>Whatever happens to a link, only {@link #detach} ends it. A link that was lost reports its loss, goes on accepting
 * the packets that are delivered to it, and gives all of them back when it is detached. So no packet is lost between two
 * loops. Belongs to the session loop.
 */
public abstract class ClientPort {
    /** The ways in which a link can end. */
    public enum Detach {
        /** Deliver nothing more; give back what the socket has not wholly taken. */
        GIVE_BACK,
        /** Deliver what has been queued, then close. */
        DELIVER,
        /** Deliver nothing more, and drop it. */
        DISCARD
    }

    private @Nullable Session session;

    /** The session that has this link, or is about to move to it. */
    final @Nullable Session session() {
        return session;
    }

    /** The link speaks for this session from now on, or waits for it. */
    final void belongsTo(Session next) {
        assert session == null : "belongs to a session";
        session = next;
    }

    /** The link belongs to no session any more. */
    final void isFree(Session last) {
        assert session == last : "belongs to another session";
        session = null;
    }

    /** Tells the client the id of its new session, which has this link from now on. */
    protected abstract void opened(long id);

    /**
     * Resumes the session on this link: the client gets the version's confirmation, and then the frames that it has not
     * had.
     */
    protected abstract void resumed(Resumption point);

    /**
     * Takes a session for this link, or turns the link away: limits on connections may stand against it. Called once for
     * each resume, right before the session moves, or is refused because the resume comes too late. A link that is
     * turned away is not heard of again, and the session stays as it is.
     *
     * @return false if the link is turned away
     */
    protected boolean takeSession() {
        return true;
    }

    /**
     * Has another link take the session that is given up for it. Meanwhile this link does not count against limits on
     * connections, and it counts again if the other one is turned away.
     *
     * @param takeover calls {@link #takeSession} of the other link
     * @return what {@code takeover} returned
     */
    protected boolean yieldSession(BooleanSupplier takeover) {
        return takeover.getAsBoolean();
    }

    /** Closes the link, which got no session. The link answers nothing. */
    protected abstract void refused(Refusal why);

    /**
     * Delivers a packet, with the {@linkplain ClientProtocol#setPrefix prefix} of the link's version. The prefix may be
     * written to {@code buf} itself: the {@link Tag#BYTES} bytes in front of {@code index} are free. {@code buf} stays
     * the caller's, and its packet is not changed afterwards.
     */
    protected abstract void deliver(ByteBuf buf, int index, int length);

    /**
     * Tells the link that the backend needs this many data packets of the session's client never again, counted over all
     * links. Version 2 has no use for it.
     */
    protected void acknowledged(long packets) {}

    /**
     * Ends the link. It answers with {@link Sessions#detached}, behind its last data, and says nothing after that.
     *
     * @param reason the reason for the end of the session; null where the session goes on without this link
     * @param text a text of the backend for the client, in UTF-8; empty if there is none
     */
    protected abstract void detach(Detach how, @Nullable Reason reason, byte[] text);

    /**
     * Ends the link as {@link #detach} does, without a reason that the client would take for final: it may resume its
     * session at another server, or here.
     */
    protected void detachForNow(Detach how) {
        detach(how, null, NextStep.NO_TEXT);
    }

    /** The step that follows behind this link's detaching has changed. */
    void nextStepChanged() {}

    /**
     * Facts for log lines. The reason of its loss is known from {@link Sessions#lost} on, and the counts are final from
     * {@link Sessions#detached} on.
     */
    protected abstract LinkFacts facts();

    /**
     * Data packets that the client of a resumed session has taken over in all, as it said itself when it asked for the
     * session. Version 2 does not tell.
     */
    protected long received() {
        return 0;
    }

    /** The number of the first data packet that the client of a resumed session still keeps. Version 2 does not tell. */
    protected long kept() {
        return 1;
    }

    /** The version that this link speaks. */
    protected abstract ClientProtocol protocol();

    /** The address of its client. */
    protected abstract Cidr from();

    /** Both ends of the link, for the master. Made anew at each call. */
    protected abstract LinkOrigin origin();

    /** Bytes that wait for the link's socket. A recent value is enough. */
    protected abstract long waitingBytes();

    /** Payload bytes that its client has sent on it. A recent value is enough. */
    protected abstract long bytesUp();

    /** Looks at the link on its own loop. {@code then} gets the view on the session loop, even if the link has ended. */
    protected abstract void look(Consumer<LinkView> then);

    /** Bytes that the link holds for its client, in both directions. A recent value is enough. */
    protected abstract long heldBytes();
}
