package net.voltlane.server.edge;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import net.voltlane.protocol.Reason;
import net.voltlane.server.guard.Admission;
import net.voltlane.server.guard.Guard;
import net.voltlane.server.link.LoopQueue;
import net.voltlane.server.metrics.Metric;
import net.voltlane.server.session.ClientPort;
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
    private final Guard guard;
    private final LoopQueue up;
    private final LoopQueue down;

    SessionsProxy(Sessions sessions, Guard guard, LoopQueues queues) {
        this.sessions = sessions;
        this.guard = guard;
        up = queues.up;
        down = queues.down;
    }

    void open(ClientLink link, byte[] clientKey) {
        up.event(() -> sessions.open(link.port, clientKey));
    }

    /**
     * Finds the session that a client of this version could resume under {@code id}; {@code then} gets null if there is
     * none.
     */
    void find(long id, ClientProtocol protocol, Consumer<@Nullable ResumeToken> then) {
        up.event(() -> sessions.find(id, protocol, token -> down.event(() -> then.accept(token))));
    }

    void resume(ClientLink link, ResumeToken token) {
        up.event(() -> sessions.resume(link.port, token));
    }

    /** Asks the guard if this link may resume a session, and turns it away if it may not. On the session loop. */
    boolean mayResume(ClientLink link, @Nullable ClientPort replaced) {
        Metric limit = guard.resumes(link.admission, admissionOf(replaced));
        if (limit != null) {
            down.event(() -> link.overLimit(limit));
        }
        return limit == null;
    }

    private static @Nullable Admission admissionOf(@Nullable ClientPort port) {
        return port instanceof LinkPort ours ? ours.admission() : null; // and all are
    }

    void firstPacket(ClientLink link) {
        up.event(() -> sessions.firstPacket(link.port));
    }

    void lost(ClientLink link) {
        up.event(() -> sessions.lost(link.port));
    }

    void violated(ClientLink link, Reason reason) {
        up.event(() -> sessions.violated(link.port, reason));
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
