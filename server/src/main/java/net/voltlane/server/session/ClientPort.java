package net.voltlane.server.session;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import net.voltlane.protocol.Tag;
import net.voltlane.server.address.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * What a session asks of one client link. Called on the session loop; only enqueues, and all calls arrive at the link
 * in their order. The link answers through {@link Sessions}, over the one queue on which its data comes as well.
 *
 * <p>Whatever happens to a link, only {@link #detach} ends it: a link that was lost tells so, goes on taking what is
 * delivered to it, and gives all of it back when it is detached. So nothing falls between two loops.
 */
public abstract class ClientPort {
    /** How a link is to end. */
    public enum Detach {
        /** Deliver nothing more; give back what the socket has not wholly taken. */
        GIVE_BACK,
        /** Deliver what has been queued, then close. */
        DELIVER,
        /** Deliver nothing more, and drop it. */
        DISCARD
    }

    /** The session that this link is, or is to become, the link of. */
    @Nullable
    Session session;

    /** The link is now the link of a new session: tell the client its id. */
    protected abstract void opened(long id);

    /**
     * The link is now the link of a resumed session: Ping to the client, then these frames, which count against no
     * bound.
     */
    protected abstract void resumed(long id, List<ByteBuf> missed);

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

    /** The link got no session: close it. Nothing is answered. */
    protected abstract void refused();

    /**
     * Delivers a packet, with the {@linkplain ClientProtocol#setPrefix prefix} of the link's version. The prefix may be
     * written to {@code buf} itself: the {@link Tag#BYTES} bytes in front of {@code index} are free. {@code buf} stays
     * the caller's, and its packet is not changed afterwards.
     */
    protected abstract void deliver(ByteBuf buf, int index, int length);

    /** Ends the link; it answers with {@link Sessions#detached}, its last word, behind its last data. */
    protected abstract void detach(Detach how);

    /** For log lines only. Why it was lost is known from {@link Sessions#lost} on, the counts behind its last word. */
    protected abstract LinkFacts facts();

    /** The version that this link speaks. */
    protected abstract ClientProtocol protocol();

    /** The address of its client. */
    protected abstract Cidr from();

    /** Bytes that wait for the link's socket. A recent value is enough. */
    protected abstract long waitingBytes();

    /** Has the link looked at on its own loop; {@code then} gets the view on the session loop, whatever became of it. */
    protected abstract void look(Consumer<LinkView> then);

    /** Bytes that the link holds for its client, both ways. A recent value is enough. */
    protected abstract long heldBytes();
}
