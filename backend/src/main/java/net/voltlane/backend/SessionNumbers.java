package net.voltlane.backend;

import java.nio.ByteBuffer;
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

    /** True if the client is slow, as far as the server has said. For the reader. */
    private boolean slow;

    /** The server that has this session. Changed under the directory's lock and those of both outboxes. */
    private volatile KnownServer server;
    /** The number of servers that have had this session; 0 if its server keeps no records. Guarded by the directory's lock. */
    private long epoch;
    /** True if the session has ended. Guarded by the directory's lock. */
    private boolean over;

    private long sent;
    /**
     * True if the server has opened this session to the present pair of instances. Written by the reader, under the lock.
     */
    private boolean confirmed = true;

    private @Nullable ArrayDeque<KeptPacket> kept;

    /** Packets that the client has not acknowledged; null if that need not be kept. */
    private final @Nullable UndeliveredPackets undelivered;
    /** The number of the last packet that was sent before the present pair of instances. */
    private long sentBefore;
    /** The data of the Kick, once this session was kicked. */
    private byte @Nullable [] kick;

    /**
     * @param server the server that has opened the session
     * @param epoch the number of servers that have had this session; 0 if that is not told
     * @param undelivered keeps what the client has not acknowledged; null if that need not be kept
     * @param nextFromClient the number of the first packet that will be received
     * @param nextToClient the number of the first packet that will be sent
     */
    SessionNumbers(
            KnownServer server,
            long epoch,
            @Nullable UndeliveredPackets undelivered,
            long nextFromClient,
            long nextToClient,
            boolean suspended) {
        this.server = server;
        this.epoch = epoch;
        this.undelivered = undelivered;
        received = new AtomicLong(before(nextFromClient));
        sent = before(nextToClient);
        sentBefore = sent;
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

    /** Notes that the client is slow, or no longer is. Returns false if that was known. */
    boolean slow(boolean now) {
        boolean changes = slow != now;
        slow = now;
        return changes;
    }

    /** Notes that what comes from the client goes on without a repetition. */
    void repeatsNothing() {
        repeats = 0;
    }

    // ---- for any thread

    long received() {
        return received.get();
    }

    /** Returns the server that has this session. Stable under the lock of its outbox, and under the directory's. */
    KnownServer server() {
        return server;
    }

    // ---- under the directory's lock

    long epoch() {
        return epoch;
    }

    void epoch(long now) {
        epoch = now;
    }

    long delivered() {
        return delivered;
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    // ---- for the server's outbox

    boolean isConfirmed() {
        return confirmed;
    }

    /** Counts a packet to the client, and keeps a copy if needed. */
    void sends(byte[] data, int offset, int length, long logNumber) {
        sent++;
        if (undelivered != null) {
            undelivered.add(data, offset, length, logNumber);
        }
    }

    /** Counts a packet to the client, and keeps a copy if needed. */
    void sends(ByteBuffer data, long logNumber) {
        sent++;
        if (undelivered != null) {
            undelivered.add(data, logNumber);
        }
    }

    /** Returns the number of the next packet to the client. */
    long nextToClient() {
        return sent + 1;
    }

    /** Notes the data of the Kick. */
    void kicks(byte[] text) {
        kick = text;
    }

    byte @Nullable [] kick() {
        return kick;
    }

    // ---- copies for the client, for the server's outbox

    boolean keepsUndelivered() {
        return undelivered != null;
    }

    /** Drops the copies of what the client has acknowledged. */
    void dropDelivered(long count) {
        if (undelivered != null) {
            undelivered.keepLast(Math.max(0, sent - count));
        }
    }

    /** Returns the number of the first packet that was never sent to a server, as far as is known. */
    long firstUnsent(long sentOfLog) {
        return undelivered == null ? sent + 1 : sent + 1 - undelivered.countUnsent(sentOfLog, sent - sentBefore);
    }

    /** Notes that the server has had more packets than this backend has sent, from an earlier one. */
    void sentUpTo(long count) {
        if (count > sent) {
            sent = count;
            forgetUndelivered();
        }
    }

    /** Tells whether all packets from a number on are still kept. */
    boolean canSendFrom(long next) {
        int copies = undelivered == null ? 0 : undelivered.size();
        return next > sent - copies && next <= sent + 1;
    }

    /** Goes on at another server, which opens the session to the present pair of instances. */
    void moveTo(KnownServer next, UndeliveredPackets.Sink sink) {
        server = next;
        confirmed = true;
        kept = null;
        if (undelivered != null) {
            undelivered.forEach(sink);
        }
        sentBefore = 0;
    }

    /** Tells whether the server has to open this session anew. For the reader. */
    boolean isToBeOpened() {
        return !confirmed;
    }

    /** Begins to keep packets, until the server opens the session to the new pair of instances. */
    void unconfirm() {
        confirmed = false;
        sentBefore = sent;
    }

    void confirm(long nextToClient) {
        confirmed = true;
        sent = Math.max(sent, before(nextToClient));
        sentBefore = sent;
        kept = null;
    }

    /** Forgets what is kept for the server. */
    void forget() {
        kept = null;
    }

    /** Forgets what is kept for the client. */
    void forgetUndelivered() {
        if (undelivered != null) {
            undelivered.clear();
        }
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
