package net.voltlane.systemtest.cuts;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The sessions that a backend was told of: each is opened once and ends once, with nothing behind that. */
final class CutSessions {
    private final Function<byte[], @Nullable CutPlayer> players;
    private final Map<Long, CutPlayer> byId = new HashMap<>();
    private final Set<Long> ended = new HashSet<>();

    /** @param players finds a player by the bytes that name it */
    CutSessions(Function<byte[], @Nullable CutPlayer> players) {
        this.players = players;
    }

    /** A session of the player with this name is opened. */
    void opened(long id, byte[] name) {
        CutPlayer player = players.apply(name);
        if (player == null) {
            throw new AssertionError("a session of nobody: " + id);
        }
        if (byId.putIfAbsent(id, player) != null) {
            throw new AssertionError("session " + id + " of " + player + " is opened twice");
        }
    }

    boolean isKnown(long id) {
        return byId.containsKey(id);
    }

    /** The player of a session that is there. */
    CutPlayer player(long id) {
        CutPlayer player = byId.get(id);
        if (player == null || ended.contains(id)) {
            throw new AssertionError("session " + id + " is " + (player == null ? "unknown" : "over: " + player));
        }
        return player;
    }

    void ended(long id, int code, String reason) {
        player(id).isEnded(id, code, reason);
        ended.add(id);
    }
}
