package net.voltlane.backend;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one session on a firehose 3, in both directions over the session's whole life.
 *
 * <p>The count of received packets is written by the reader of the server's link and read by any thread. All else is
 * guarded by the lock of the {@link ServerOutbox}, or used by the reader alone where it says so.
 */
final class SessionNumbers {
    private final AtomicLong received;
    /** The number of the next packets that were received before and come again. For the reader. */
    private long repeats;
    /** The number of packets that the client has acknowledged, as far as the server has said. For the reader. */
    private long delivered;
    /** True while the client has no link, as far as the server has said. For the reader. */
    private boolean suspended;

    private long sent;
    /**
     * True if the server has opened this session to the present pair of instances. Written by the reader, under the lock.
     */
    private boolean confirmed = true;

    private @Nullable ArrayDeque<KeptPacket> kept;

    /**
     * @param nextFromClient the number of the first packet that will be received
     * @param nextToClient the number of the first packet that will be sent
     */
    SessionNumbers(long nextFromClient, long nextToClient, boolean suspended) {
        received = new AtomicLong(before(nextFromClient));
        sent = before(nextToClient);
        this.suspended = suspended;
    }

    // ---- for the reader

    /** Counts a packet from the client. Returns false if it was received before. */
    boolean receives() {
        if (repeats > 0) {
            repeats--;
            return false;
        }
        received.lazySet(received.getPlain() + 1);
        return true;
    }

    /** Notes the number of the next packet that will come from the client. */
    void receivesFrom(long nextFromClient) {
        repeats = Math.max(0, received.getPlain() - before(nextFromClient));
        received.set(Math.max(received.getPlain(), before(nextFromClient)));
    }

    /** Notes what the client has acknowledged. Returns false if that is nothing new. */
    boolean delivers(long count) {
        boolean isMore = count > delivered;
        delivered = Math.max(delivered, count);
        return isMore;
    }

    /** Notes whether the client has a link. Returns false if that was known. */
    boolean suspend(boolean now) {
        boolean changes = suspended != now;
        suspended = now;
        return changes;
    }

    // ---- for any thread

    long received() {
        return received.get();
    }

    // ---- for the server's outbox

    boolean isConfirmed() {
        return confirmed;
    }

    /** Counts a packet to the client. */
    void sends() {
        sent++;
    }

    /** Tells whether the server has to open this session anew. For the reader. */
    boolean isToBeOpened() {
        return !confirmed;
    }

    /** Begins to keep packets, until the server opens the session to the new pair of instances. */
    void unconfirm() {
        confirmed = false;
    }

    void confirm(long nextToClient) {
        confirmed = true;
        sent = Math.max(sent, before(nextToClient));
        kept = null;
    }

    /** Forgets what is kept. */
    void forget() {
        kept = null;
    }

    void keep(KeptPacket packet) {
        if (kept == null) {
            kept = new ArrayDeque<>();
        }
        kept.add(packet);
    }

    /** Returns the packets that are kept, the oldest first. */
    Iterable<KeptPacket> kept() {
        return kept == null ? List.of() : kept;
    }

    /** Returns the number of the first packet of data that is kept, or of the next to be sent. */
    long firstKept() {
        long first = sent + 1;
        for (KeptPacket packet : kept()) {
            if (packet.isData()) {
                first--;
            }
        }
        return first;
    }

    /** Returns the number before the next one. Numbers begin at 1, so a server that says 0 means the same. */
    private static long before(long next) {
        return Math.max(0, next - 1);
    }
}
