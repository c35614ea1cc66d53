package net.voltlane.tcp;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.voltlane.tcp.KernelSockets.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the peer of one connection has vanished: it leaves unanswered what was sent to it. A peer that lives
 * and merely does not read goes on answering, and is let be.
 *
 * <p>Its owner looks about once a second, and only while something may be unacknowledged. What counts as a sign of life
 * is anything that came from the peer, an acknowledgement included. Time counts from the first look at which the kernel
 * had repeated itself in vain, and a look that comes late counts for two at most: whoever was suspended judges nobody
 * by the time that he slept.
 *
 * <p>Where the kernel does not tell, a write that has been stuck for {@value #STUCK_FACTOR} times the timeout, with
 * nothing coming from the peer either, is the only sign. It is so much longer because it can't tell a dead peer from
 * one that does not read.
 *
 * <p>One for each connection: a new one is not judged by what was known of the old. For one thread at a time.
 */
public final class DeadPeerDetector {

    /** What a look has found. */
    public enum Finding {
        /** All is acknowledged, as far as is known: there is nothing to look for until something is sent. */
        QUIET,
        /** Look again. */
        WATCHING,
        /** The peer has vanished. */
        VANISHED
    }

    /**
     * What has passed over the connection so far.
     *
     * @param sentBytes taken by the kernel; counted once a write has returned
     * @param heardBytes read from the peer
     * @param writing whether a write is under way
     */
    public record Traffic(long sentBytes, long heardBytes, boolean writing) {
        /**
         * What has passed over the connection so far.
         *
         * @param sentBytes as above
         * @param heardBytes as above
         * @param writing as above
         */
        public Traffic {
            // counters that only grow
        }
    }

    /** How much longer a stuck write is waited for where the kernel does not tell. */
    public static final int STUCK_FACTOR = 6;

    private static final long MAX_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LOOKS_PER_TIMEOUT = 4;
    private static final int MAX_LOOKS_AT_ONCE = 2;

    private final long timeoutNanos;
    private final long lookNanos;
    private final AddressPair ends;

    private Traffic seen = new Traffic(0, 0, false);
    private boolean watching;
    private long lookedNanos;

    private long acknowledgedBytes;
    private long receivedBytes;

    /** The first of the looks in a row that found the peer silent; null if the last one did not. */
    private @Nullable SocketState firstSilent;

    /** Since that look, if there is one. */
    private long silentNanos;

    private long stuckNanos;

    /**
     * For a connection that was just made.
     *
     * @param ends of the connection
     * @param timeoutNanos how long a peer may leave unanswered what was sent; more than 0
     */
    public DeadPeerDetector(AddressPair ends, long timeoutNanos) {
        this.ends = ends;
        this.timeoutNanos = timeoutNanos;
        lookNanos = Math.max(1, Math.min(MAX_LOOK_NANOS, timeoutNanos / LOOKS_PER_TIMEOUT));
    }

    /**
     * How long to wait between two looks.
     *
     * @return nanoseconds, at most one second
     */
    public long lookNanos() {
        return lookNanos;
    }

    /**
     * Looks at the connection.
     *
     * @param nowNanos only differences mean anything
     * @param traffic so far
     * @param kernel asked only where the traffic itself shows no sign of life
     * @return what to do
     */
    public Finding look(long nowNanos, Traffic traffic, Supplier<@Nullable Snapshot> kernel) {
        Traffic before = seen;
        long beforeNanos = lookedNanos;
        seen = traffic;
        lookedNanos = nowNanos;
        boolean moved = traffic.sentBytes() != before.sentBytes();
        boolean busy = moved || traffic.writing();
        long passed = Math.min(nowNanos - beforeNanos, MAX_LOOKS_AT_ONCE * lookNanos);
        if (!watching && !busy) {
            return Finding.QUIET;
        }
        if (!watching || traffic.heardBytes() != before.heardBytes()) {
            watching = true;
            forgive();
            return Finding.WATCHING;
        }
        silentNanos += passed;
        Snapshot snapshot = kernel.get();
        if (snapshot != null && snapshot.nanos() - beforeNanos < 0) {
            return Finding.WATCHING; // no news, and what was sent meanwhile would not be in it
        }
        SocketState state = snapshot == null ? null : snapshot.unacknowledged().get(ends);
        if (state != null) {
            stuckNanos = 0;
            return isSilent(state, before) ? Finding.VANISHED : Finding.WATCHING;
        }
        firstSilent = null;
        if (traffic.writing()) {
            stuckNanos = moved ? 0 : stuckNanos + passed;
            return stuckNanos / STUCK_FACTOR >= timeoutNanos ? Finding.VANISHED : Finding.WATCHING;
        }
        watching = busy;
        forgive();
        return watching ? Finding.WATCHING : Finding.QUIET;
    }

    /**
     * Whether the peer has been silent for too long.
     *
     * @param before what had been sent for certain when the state was read: so what was acknowledged is never taken for
     *     more than it is
     */
    private boolean isSilent(SocketState state, Traffic before) {
        long acknowledged = before.sentBytes() - state.unacknowledgedBytes();
        long received = before.heardBytes() + state.unreadBytes();
        boolean answered = acknowledged > acknowledgedBytes || received > receivedBytes;
        acknowledgedBytes = Math.max(acknowledged, acknowledgedBytes);
        receivedBytes = Math.max(received, receivedBytes);
        SocketState first = firstSilent;
        if (first == null || answered || !state.isUnanswered() || state.timer() != first.timer()) {
            first = state.isUnanswered() ? state : null;
            silentNanos = 0;
        }
        firstSilent = first;
        // A peer whose window shut while something was under way answers without acknowledging anything; the kernel
        // then does not count its attempts.
        return first != null && silentNanos >= timeoutNanos && state.attempts() > first.attempts();
    }

    private void forgive() {
        firstSilent = null;
        stuckNanos = 0;
    }
}
