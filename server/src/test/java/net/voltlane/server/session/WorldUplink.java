package net.voltlane.server.session;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import net.voltlane.protocol.Tag;

/**
 * The queue for the master in a world, and the sockets of its links. It judges by what they take: a session begins for the
 * master with a whole packet, and the master may be told nothing else of it before.
 */
final class WorldUplink {
    private enum Kind {
        DATA,
        RECONNECTION,
        FAILURE
    }

    private record Waiting(long session, Kind kind, int bytes) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long queuedBytes;
    private long sentBytes;
    private final Set<Long> queued = new TreeSet<>();
    private final Set<Long> told = new TreeSet<>();
    private final Set<Long> ended = new TreeSet<>();

    // ---- the server's end

    void data(long session) {
        queued.add(session);
        add(session, Kind.DATA);
    }

    void reconnection(long session) {
        add(session, Kind.RECONNECTION);
    }

    void failure(long session) {
        add(session, Kind.FAILURE);
    }

    private void add(long session, Kind kind) {
        int bytes = Tag.FRAME_HEADER_BYTES + (int) (queuedBytes % 5); // of no particular length
        waiting.add(new Waiting(session, kind, bytes));
        queuedBytes += bytes;
    }

    /** True once data of the session was put in. */
    boolean hasQueued(long session) {
        return queued.contains(session);
    }

    long position() {
        return queuedBytes;
    }

    // ---- the sockets' end

    /** The socket of whatever link there is takes up to so many packets; one taken in part goes again. */
    void takes(int packets) {
        for (int i = 0; i < packets && !waiting.isEmpty(); i++) {
            Waiting taken = waiting.remove();
            sentBytes += taken.bytes();
            sent(taken.session(), taken.kind());
        }
    }

    private void sent(long session, Kind kind) {
        WorldFailure.unless(!ended.contains(session), session, kind + " was sent after its Failure");
        switch (kind) {
            case DATA -> told.add(session);
            case RECONNECTION -> isTold(session, "a Reconnection");
            case FAILURE -> {
                isTold(session, "a Failure");
                ended.add(session);
            }
        }
    }

    private void isTold(long session, String what) {
        WorldFailure.unless(told.contains(session), session, what + " was sent, and no packet of it before");
    }

    /** Bytes of the packets that were wholly taken. */
    long sentBytes() {
        return sentBytes;
    }

    /** The sessions of which a packet was sent. */
    Set<Long> told() {
        return told;
    }

    /** The last link has taken all, and all sessions have ended. */
    void checkEnd() {
        takes(Integer.MAX_VALUE);
        WorldFailure.unless(told.equals(ended), 0, "sent packets of " + told + ", and the ends of " + ended);
    }
}
