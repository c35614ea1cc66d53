package net.voltlane.testkit.version3;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session as a {@link CountedBackend} knows it. */
public final class BackendSession {
    enum State {
        LIVE,
        SUSPENDED,
        ENDED
    }

    private final long id;
    private final Map<String, byte[]> attributes;

    State state = State.LIVE;
    /** It was opened as existing, and nothing was told of its link since. */
    boolean isOfThePresent;
    /** Number of the last Data that this backend has had of the client. */
    long received;
    /** Number of the last Data frame that came, had before or not. */
    long heard;
    /** Number of the last Data that it has sent to the client. */
    long sent;

    long delivered;
    boolean slow;
    /** The text of its Kick; null while there is none. */
    @Nullable
    String kicked;

    /** Number of the first packet in {@code log}. */
    long logFrom;
    /** Packets that it has sent, for another pair of instances. */
    List<byte[]> log = new ArrayList<>();

    BackendSession(long id, Map<String, byte[]> attributes) {
        this.id = id;
        this.attributes = attributes;
    }

    public long id() {
        return id;
    }

    /** The attributes that Opened told. */
    public Map<String, byte[]> attributes() {
        return attributes;
    }

    /** Number of the last Data that the backend has had of the client. */
    public long received() {
        return received;
    }

    /** Number of the last Data that the backend has sent to the client. */
    public long sent() {
        return sent;
    }

    /** Number of the last Data that the client is known to have acknowledged. */
    public long delivered() {
        return delivered;
    }

    public boolean isOver() {
        return state == State.ENDED || kicked != null;
    }

    public boolean isSuspended() {
        return state == State.SUSPENDED;
    }

    public boolean isSlow() {
        return slow;
    }

    @Override
    public String toString() {
        return "session " + id + " (" + state + ", received " + received + ", sent " + sent + ")";
    }
}
