package net.voltlane.testkit.version3;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session as a {@link CountedBackend} knows it. */
public final class BackendSession {
    private enum State {
        LIVE,
        SUSPENDED,
        ENDED
    }

    private final long id;
    private final Map<String, byte[]> attributes;
    /** Number of the first packet in {@code log}. */
    private final long logFrom;
    /** Packets that the backend has sent, for another pair of instances. */
    private final List<byte[]> log = new ArrayList<>();

    private State state;
    /** It was opened as existing, and nothing was told of its link since. */
    private boolean isOfThePresent;
    /** Number of the last Data frame that came, had before or not. */
    private long heard;

    private long received;
    private long sent;
    private long delivered;
    private boolean slow;
    private @Nullable String kicked;

    /** A session that Opened tells of. */
    BackendSession(long id, int flags, long nextUp, long nextDown, Map<String, byte[]> attributes) {
        this.id = id;
        this.attributes = attributes;
        state = (flags & 2) != 0 ? State.SUSPENDED : State.LIVE;
        isOfThePresent = (flags & 1) != 0;
        heard = nextUp - 1;
        received = nextUp - 1;
        sent = nextDown - 1;
        logFrom = nextDown;
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

    // ---- what its backend tells

    boolean hasEnded() {
        return state == State.ENDED;
    }

    /** The text of its Kick; null while there is none. */
    @Nullable
    String kicked() {
        return kicked;
    }

    /** The backend has stored what it had of this session under an earlier pair of instances, and goes on with it. */
    void goesOnAfter(BackendSession before) {
        unless(heard <= before.received, before + " goes on at " + (heard + 1));
        received = before.received;
    }

    /** Stored packets from a number on, which the server has not had. */
    List<byte[]> storedFrom(long number) {
        unless(number >= logFrom && number <= sent + 1, this + " gets " + number + " next");
        return List.copyOf(log.subList((int) (number - logFrom), log.size()));
    }

    void sends(byte[] payload, boolean isStored) {
        unless(!isOver(), "it sends to " + this);
        sent++;
        if (isStored) {
            log.add(payload);
        }
    }

    void kick(String text) {
        kicked = text;
    }

    // ---- what the server tells

    /** The next Data has come; false if the backend has had it. */
    boolean data() {
        // What waited for a new backend may be of before the suspension that the present told of.
        unless(state == State.LIVE || isOfThePresent, "data of " + this);
        if (++heard <= received) {
            return false;
        }
        received = heard;
        return true;
    }

    void suspend() {
        unless(state == State.LIVE, this + " is suspended");
        state = State.SUSPENDED;
        isOfThePresent = false;
    }

    void resume(boolean takeover) {
        unless(takeover == (state == State.LIVE), this + " takes over: " + takeover);
        state = State.LIVE;
        isOfThePresent = false;
    }

    void deliver(long number) {
        unless(number >= delivered && number <= sent, this + " delivered " + number + " after " + delivered);
        delivered = number;
    }

    void slow(boolean now) {
        unless(slow != now, this + " is slow: " + now + ", and was before");
        slow = now;
    }

    void end(long taken, long deliveredInAll) {
        state = State.ENDED;
        unless(taken == heard, this + " ended, taken " + taken + " of " + heard);
        unless(
                deliveredInAll >= delivered && deliveredInAll <= sent,
                this + " ended, delivered " + deliveredInAll + " after " + delivered);
    }

    private static void unless(boolean fine, String message) {
        CountedBackend.unless(fine, message);
    }

    @Override
    public String toString() {
        return "session " + id + " (" + state + ", received " + received + ", sent " + sent + ")";
    }
}
