package net.voltlane.cli.relay;

import java.nio.ByteBuffer;
import java.util.Map;
import net.voltlane.protocol.Limits;
import net.voltlane.protocol.link3.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * Counts the Data frames of a client's link. A resume on a later link tells how many of them had come out: the client says
 * what it has received, and the server what it has accepted. Links of version 2 tell nothing, and are only cut.
 */
final class LinkTap implements Tap {

    /** A session over all of its links: Data frames that were seen on their way to the server, and to the client. */
    static final class Session {
        long toServer;
        long toClient;
        long lay;
    }

    /** Frames of version 2 that a client sends before its first message. */
    private static final int HANDSHAKE_2_FRAMES = 2;

    private static final int VERSION_OFFSET = 1;
    private static final int OPENED_ID_OFFSET = 33;
    private static final int RESUME_ID_OFFSET = 1;
    private static final int RESUME_RECEIVED_OFFSET = 9;
    private static final int RESUMED_ACCEPTED_OFFSET = 33;

    private final Map<Long, Session> sessions;
    private final Losses losses;
    private final FrameHeads fromClient = new FrameHeads(this::fromClient);
    private final FrameHeads fromServer = new FrameHeads(this::fromServer);
    private int clientFrames;
    private boolean isVersion2;
    private boolean isAnswered;
    private boolean live;
    private long resumedId;
    private @Nullable Session session;

    /** @param sessions all sessions by id, with those of other links */
    LinkTap(Map<Long, Session> sessions, Losses losses) {
        this.sessions = sessions;
        this.losses = losses;
    }

    @Override
    public void fromDialler(ByteBuffer bytes) {
        fromClient.take(bytes);
    }

    @Override
    public void fromDialled(ByteBuffer bytes) {
        fromServer.take(bytes);
    }

    @Override
    public boolean isLive() {
        return live;
    }

    private void fromClient(ByteBuffer head, int length) {
        if (clientFrames++ == 0) {
            isVersion2 = length > VERSION_OFFSET && head.get(VERSION_OFFSET) == Limits.PROTOCOL_VERSION;
            return;
        }
        if (isVersion2) {
            live = clientFrames > HANDSHAKE_2_FRAMES;
            return;
        }
        int type = type(head);
        if (type == FrameType.RESUME) {
            resumedId = head.getLong(RESUME_ID_OFFSET);
            session = sessions.get(resumedId);
            if (session != null) {
                long received = head.getLong(RESUME_RECEIVED_OFFSET);
                session.lay += session.toClient - received;
                session.toClient = received;
            }
        } else if (session != null) {
            // The server has answered: a client sends nothing else before that.
            live |= isAnswered;
            session.toServer += type == FrameType.DATA ? 1 : 0;
        }
    }

    private void fromServer(ByteBuffer head, int length) {
        int type = isVersion2 ? FrameType.PONG : type(head);
        if (type == FrameType.OPENED) {
            isAnswered = true;
            session = sessions.computeIfAbsent(head.getLong(OPENED_ID_OFFSET), id -> new Session());
        } else if (type == FrameType.RESUMED && session != null) {
            isAnswered = true;
            long accepted = head.getLong(RESUMED_ACCEPTED_OFFSET);
            losses.lay(session.toServer - accepted, session.lay);
            losses.resumed();
            session.toServer = accepted;
            session.lay = 0;
        } else if (type == FrameType.DATA && session != null) {
            session.toClient++;
        }
    }

    private static int type(ByteBuffer head) {
        return head.hasRemaining() ? head.get(0) & 0xFF : FrameType.PONG;
    }
}
