package net.voltlane.server.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.voltlane.server.session.WorldFailure;
import org.jspecify.annotations.Nullable;

/** A session as the {@link SplitBackend} knows it. */
final class SplitSession {
    final long id;
    /** The data that was taken from the client, and sent to it. */
    final List<String> taken = new ArrayList<>();

    final List<String> sent = new ArrayList<>();
    /** The server that has it. */
    private SplitPair server;

    private long epoch;
    /** Data that its client has acknowledged, and that is kept no longer. */
    long delivered;

    private @Nullable String end;
    /** The servers whose data was taken, by the epoch under which they had the session. */
    private final Map<Long, SplitPair> takenFrom = new HashMap<>();

    SplitSession(long id, SplitPair server, long epoch) {
        this.id = id;
        this.server = server;
        this.epoch = epoch;
    }

    SplitPair server() {
        return server;
    }

    long epoch() {
        return epoch;
    }

    /** The reason of its end; null while it has not ended. */
    @Nullable
    String end() {
        return end;
    }

    boolean isOver() {
        return end != null;
    }

    void moves(SplitPair to, long newEpoch) {
        server = to;
        epoch = newEpoch;
    }

    void takes(String text) {
        WorldFailure.unless(!isOver(), id, "data behind the end: " + text);
        SplitPair other = takenFrom.putIfAbsent(epoch, server);
        WorldFailure.unless(other == null || other == server, id, "data of two servers was taken under epoch " + epoch);
        taken.add(text);
    }

    void ends(String why) {
        WorldFailure.unless(!isOver(), id, "ended twice: " + end + ", and " + why);
        end = why;
    }
}
