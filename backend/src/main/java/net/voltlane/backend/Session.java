package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client, for as long as it keeps coming back. The object stays the same over lost client links and lost firehoses,
 * so it can be kept, compared and used as a key.
 *
 * <p>Safe for use by any thread. What one thread sends to a session arrives in the order in which it was sent.
 */
public final class Session {
    private final long id;
    private final SessionDirectory directory;

    private volatile Firehose firehose;
    private volatile boolean closed;
    private volatile @Nullable Object attachment;

    /** The directory's lock guards these five. */
    private volatile boolean away;

    private boolean kicked;
    /** Something that was to be sent is lost for want of room, so nothing after it may be kept. */
    private boolean gap;
    /** Somebody waits to be told that there is room again. */
    private boolean refused;

    private @Nullable ArrayDeque<byte[]> kept;

    /** Belongs to the reader of the session's firehose. */
    private boolean begun;

    Session(long id, Firehose firehose, SessionDirectory directory) {
        this.id = id;
        this.firehose = firehose;
        this.directory = directory;
    }

    // ---- what it is

    /**
     * The session's id, as the client knows it. Unique on one connection server, and since ids are random, all but
     * unique on several.
     *
     * @return an unsigned number; Voltlane's servers stay below 2^53
     */
    public long id() {
        return id;
    }

    /**
     * The link with the connection server that has this client.
     *
     * @return the present one; the last one while the session is away or when it has ended
     */
    public Firehose firehose() {
        return firehose;
    }

    /**
     * Whether the session goes on.
     *
     * @return false once it has ended or was kicked
     */
    public boolean isOpen() {
        return !closed;
    }

    /**
     * Whether the session's connection server is gone for now. (Whether the client itself is there, only the server
     * knows.)
     *
     * @return true while the session waits for a new firehose
     */
    public boolean isAway() {
        return away;
    }

    // ---- what the application keeps with it

    /**
     * Keeps something of the application's with this session.
     *
     * @param state replaces what was kept before; null for nothing
     */
    public void attach(@Nullable Object state) {
        attachment = state;
    }

    /**
     * What was given to {@link #attach}.
     *
     * @return null if nothing was
     */
    public @Nullable Object attachment() {
        return attachment;
    }

    /**
     * What was given to {@link #attach}, as what it is.
     *
     * @param type what the application attaches
     * @param <T> the same
     * @return null if nothing was attached
     * @throws ClassCastException if it is something else
     */
    public <T> @Nullable T attachment(Class<T> type) {
        return type.cast(attachment);
    }

    // ---- sending

    /**
     * Sends a packet to the client. Waits while the firehose's send buffer is full: until the server takes something,
     * the firehose is lost, or the thread is interrupted (which stays set).
     *
     * <p>On a handler's thread this means that nothing is read meanwhile; see {@code docs/BACKEND.md} on why that can't
     * last for ever. A handler that must not wait uses {@link #trySend(byte[])}.
     *
     * @param data copied
     * @return true if the packet is on its way, or kept until the session's server is back; false if it will not be
     *     sent: the session has ended or was kicked, it is away and there is no room to keep more, the wait was ended,
     *     or the backend is closed
     * @throws IllegalArgumentException if {@code data} is longer than {@link BackendOptions#maxFrameBytes()} allows
     */
    public boolean send(byte[] data) {
        return send(data, 0, data.length, true);
    }

    /**
     * As {@link #send(byte[])}, for a part of an array.
     *
     * @param data where the packet lies
     * @param offset where it begins
     * @param length how long it is
     * @return as there
     * @throws IndexOutOfBoundsException if the packet does not lie within {@code data}
     * @throws IllegalArgumentException as there
     */
    public boolean send(byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        return send(data, offset, length, true);
    }

    /**
     * As {@link #send(byte[])}, for what remains in a buffer.
     *
     * @param data copied; its position stays where it is
     * @return as there
     * @throws IllegalArgumentException as there
     */
    public boolean send(ByteBuffer data) {
        return send(data, true);
    }

    /**
     * Sends a packet if there is room for it at once. After a refusal {@link Handler#writable} tells when there is room
     * again: on the present firehose, or if that is lost, on the one that brings the session back.
     *
     * @param data copied
     * @return false if the firehose's send buffer is full, and wherever {@link #send(byte[])} says false
     * @throws IllegalArgumentException as there
     */
    public boolean trySend(byte[] data) {
        return send(data, 0, data.length, false);
    }

    /**
     * As {@link #trySend(byte[])}, for what remains in a buffer.
     *
     * @param data copied; its position stays where it is
     * @return as there
     * @throws IllegalArgumentException as there
     */
    public boolean trySend(ByteBuffer data) {
        return send(data, false);
    }

    /**
     * Ends this session: what was sent before is still delivered, then the server closes the client's link, and the
     * client can't come back. Nothing can be sent any more; what the client had sent until then still comes, and then
     * {@link Handler#ended}. Never waits. A kick of a session that is away takes effect as soon as its server is back.
     *
     * @return false if it had ended or was kicked already, or the backend is closed
     */
    public boolean kick() {
        return directory.kick(this);
    }

    private boolean send(byte[] data, int offset, int length, boolean mayWait) {
        directory.checkLength(length);
        while (!closed) {
            Outbox.Result result = firehose.outbox().append(id, data, offset, length, mayWait);
            if (result == Outbox.Result.CLOSED) {
                result = directory.keep(this, data, offset, length, mayWait);
            }
            if (result != Outbox.Result.CLOSED) {
                return result == Outbox.Result.QUEUED;
            }
        }
        return false;
    }

    private boolean send(ByteBuffer data, boolean mayWait) {
        directory.checkLength(data.remaining());
        while (!closed) {
            Outbox.Result result = firehose.outbox().append(id, data, mayWait);
            if (result == Outbox.Result.CLOSED) {
                byte[] copy = new byte[data.remaining()];
                data.get(data.position(), copy);
                result = directory.keep(this, copy, 0, copy.length, mayWait);
            }
            if (result != Outbox.Result.CLOSED) {
                return result == Outbox.Result.QUEUED;
            }
        }
        return false;
    }

    /** Whether the handler has not heard of it yet; once. For the reader that found it. */
    boolean begins() {
        boolean begins = !begun;
        begun = true;
        return begins;
    }

    // ---- for the directory, under its lock

    void leave() {
        away = true;
    }

    void moveTo(Firehose next) {
        firehose = next;
        away = false;
        gap = false;
        refused = false;
    }

    void breakSequence() {
        gap = true;
    }

    boolean hasGap() {
        return gap;
    }

    void refuse() {
        refused = true;
    }

    boolean hasRefused() {
        return refused;
    }

    void close(boolean byKick) {
        closed = true;
        kicked |= byKick;
    }

    boolean isKicked() {
        return kicked;
    }

    void keep(byte[] frame) {
        if (kept == null) {
            kept = new ArrayDeque<>();
        }
        kept.add(frame);
    }

    /** The oldest frame that was kept; null when there is none any more. */
    byte @Nullable [] takeKept() {
        byte[] frame = kept == null ? null : kept.poll();
        if (frame == null) {
            kept = null;
        }
        return frame;
    }

    /** For logs: nothing that the client has sent. */
    @Override
    public String toString() {
        return "session " + Long.toUnsignedString(id) + " of " + firehose;
    }
}
