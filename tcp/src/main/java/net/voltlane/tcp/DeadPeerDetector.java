package net.voltlane.tcp;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.voltlane.tcp.KernelSockets.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * A detector of vanished peers, for one connection. A peer counts as vanished if it acknowledges nothing of what was
 * sent to it. A peer that is alive but does not read still answers, and is left alone.
 *
 * <p>The owner looks about once a second, and only while data may be unacknowledged. Everything that comes from the
 * peer is a sign of life, acknowledgements included. Time counts from the first look at which the kernel has repeated
 * itself without an answer. A late look counts for the time of two looks at most, so that a process that was suspended
 * does not blame its peers.
 *
 * <p>On systems where the kernel does not tell, the only sign is a write that has been stuck for {@value #STUCK_FACTOR}
 * times the timeout while nothing was received either. That time is longer because this sign can't tell a dead peer
 * from one that does not read.
 *
 * <p>A new connection needs a new detector. For one thread at a time.
 */
public final class DeadPeerDetector {

    /** The result of a look. */
    public enum Finding {
        /** Everything is acknowledged, as far as is known. No look is needed until data is sent. */
        QUIET,
        /** Look again. */
        WATCHING,
        /** The peer has vanished. */
        VANISHED
    }

    /**
     * The traffic of the connection so far.
     *
     * @param sentBytes bytes taken by the kernel; counted once a write has returned
     * @param heardBytes bytes read from the peer
     * @param writing whether a write is in progress
     */
    public record Traffic(long sentBytes, long heardBytes, boolean writing) {
        /**
         * Creates the counts.
         *
         * @param sentBytes bytes taken by the kernel
         * @param heardBytes bytes read from the peer
         * @param writing whether a write is in progress
         */
        public Traffic {
            // counters that only grow
        }
    }

    /** The factor by which the timeout is longer for a stuck write on systems where the kernel does not tell. */
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

    /** The state at the first of the looks in a row that found the peer silent; null if the last look did not. */
    private @Nullable SocketState firstSilent;

    /** The time since that look. */
    private long silentNanos;

    private long stuckNanos;

    /**
     * Creates a detector for a new connection.
     *
     * @param ends the addresses of the connection
     * @param timeoutNanos how long a peer may acknowledge nothing of what was sent; more than 0
     */
    public DeadPeerDetector(AddressPair ends, long timeoutNanos) {
        this.ends = ends;
        this.timeoutNanos = timeoutNanos;
        lookNanos = Math.max(1, Math.min(MAX_LOOK_NANOS, timeoutNanos / LOOKS_PER_TIMEOUT));
    }

    /**
     * Returns the time to wait between two looks.
     *
     * @return nanoseconds, at most one second
     */
    public long lookNanos() {
        return lookNanos;
    }

    /**
     * Looks at the connection.
     *
     * @param nowNanos the time; only differences have a meaning
     * @param traffic so far
     * @param kernel asked only if the traffic shows no sign of life
     * @return the result
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
            return Finding.WATCHING; // too old: data that was sent meanwhile is not in it
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
     * Tells whether the peer has been silent for too long, and notes this state for the next look.
     *
     * @param before the traffic that had certainly been sent when the state was read, so that the number of
     *     acknowledged bytes is never overestimated
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
        // A peer whose window has closed while data was in flight answers without acknowledging anything. The kernel
        // then does not count its attempts.
        return first != null && silentNanos >= timeoutNanos && state.attempts() > first.attempts();
    }

    private void forgive() {
        firstSilent = null;
        stuckNanos = 0;
    }
}
