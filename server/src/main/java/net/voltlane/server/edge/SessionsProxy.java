package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import java.util.List;
import net.voltlane.proof.SessionKey;
import net.voltlane.protocol.Reason;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.session.ClientProtocol;
import net.voltlane.server.session.ResumeToken;
import net.voltlane.server.session.Sessions;
import org.jspecify.annotations.Nullable;

/**
 * A client loop's way to the sessions: every call travels over the loop's queue, behind the data that was put in before.
 * Belongs to the client loop.
 */
final class SessionsProxy {
    private final Sessions sessions;
    private final LoopQueue up;
    private final LoopQueue down;

    SessionsProxy(Sessions sessions, LoopQueues queues) {
        this.sessions = sessions;
        up = queues.up;
        down = queues.down;
    }

    /** @param credentials null if the client has shown none */
    void open(ClientLink link, byte[] clientKey, byte @Nullable [] credentials) {
        up.event(() -> sessions.open(link.port, clientKey, credentials));
    }

    /**
     * Finds the session that a client of this version could resume under {@code id}; {@code then} gets null if there is
     * none.
     */
    void find(long id, ClientProtocol protocol, Sessions.FindOutcome then) {
        up.event(() -> sessions.find(id, protocol, new Sessions.FindOutcome() {
            @Override
            public void found(@Nullable ResumeToken token) {
                down.event(() -> then.found(token));
            }

            @Override
            public void unavailable() {
                down.event(then::unavailable);
            }
        }));
    }

    /** The key of a session was computed, see {@link Sessions#sessionKeyComputed}. */
    void sessionKeyComputed(long id, byte[] clientKey, @Nullable SessionKey key) {
        up.event(() -> sessions.sessionKeyComputed(id, clientKey, key));
    }

    void resume(ClientLink link, ResumeToken token) {
        up.event(() -> sessions.resume(link.port, token));
    }

    void firstPacket(ClientLink link) {
        up.event(() -> sessions.firstPacket(link.port));
    }

    void lost(ClientLink link) {
        up.event(() -> sessions.lost(link.port));
    }

    void left(ClientLink link) {
        up.event(() -> sessions.left(link.port));
    }

    void violated(ClientLink link, Reason reason) {
        up.event(() -> sessions.violated(link.port, reason));
    }

    /** The client has acknowledged this many packets; in version 2, its sockets have taken them. */
    void acknowledged(ClientLink link, long packets) {
        up.signal(link.port, packets);
    }

    /** The session loop's end of {@link #acknowledged}. */
    void wasAcknowledged(LinkPort port, long packets) {
        sessions.acknowledged(port, packets);
    }

    void paced(ClientLink link, boolean isMuch, long bytes) {
        up.event(() -> sessions.paced(link.port, isMuch, bytes));
    }

    void blocked(ClientLink link) {
        up.event(() -> sessions.blocked(link.port));
    }

    void unblocked(ClientLink link) {
        up.event(() -> sessions.unblocked(link.port));
    }

    void detached(ClientLink link, List<ByteBuf> leftovers) {
        up.event(() -> sessions.detached(link.port, leftovers));
    }
}
