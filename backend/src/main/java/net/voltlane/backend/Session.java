package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import net.voltlane.protocol.firehose3.Kick;
import org.jspecify.annotations.Nullable;

/**
 * The session of one client. The object stays the same when a client link or a firehose is lost and replaced, so you
 * can keep it, compare it, and use it as a key.
 *
 * <p>Thread-safe. Packets that one thread sends to a session arrive in the order in which they were sent.
 */
public final class Session {
    private final long id;
    private final SessionRoute route;

    private volatile Firehose firehose;
    private volatile boolean closed;
    private volatile @Nullable Object attachment;

    // The next five fields are guarded by the directory's lock.
    private volatile boolean away;

    private boolean kicked;
    /** True if a packet was lost for lack of room, so that no packet after it may be kept. */
    private boolean gap;
    /** True if a packet was refused, so that {@link Handler#writable} has to be called when there is room again. */
    private boolean refused;

    private @Nullable ArrayDeque<byte[]> kept;

    /** The counts of a session on a firehose 3; null on a firehose 2. Set when the session begins. */
    private @Nullable SessionNumbers numbers;

    /** True if {@link Handler#started} was called. For the reader of the session's firehose. */
    private boolean begun;

    Session(long id, Firehose firehose, SessionRoute route) {
        this.id = id;
        this.firehose = firehose;
        this.route = route;
    }

    // ---- properties

    /**
     * Returns the session's id, as the client knows it. It is unique on one connection server. As ids are random, it is
     * practically unique on several.
     *
     * @return an unsigned number; Voltlane's servers stay below 2^53
     */
    public long id() {
        return id;
    }

    /**
     * Returns the link with the connection server of this client. Servers that share a store may hand a session on, so it need
     * not be a link with the server that has opened the session.
     *
     * @return the current link; the last one while the session is away and after it has ended
     */
    public Firehose firehose() {
        return firehose;
    }

    /**
     * Tells whether the session goes on.
     *
     * @return false once it has ended or was kicked
     */
    public boolean isOpen() {
        return !closed;
    }

    /**
     * Tells whether the session's connection server is gone for now. (Only the server knows whether the client itself
     * is connected.)
     *
     * @return true while the session waits for a new firehose
     */
    public boolean isAway() {
        return away;
    }

    /**
     * Returns how many packets the client has sent that this backend has taken over, or an earlier backend process. While
     * {@link Handler#data} runs, it is the number of that packet: a backend that stores its state recognises by it the
     * packets that it has had before.
     *
     * @return the count over the session's whole life, from 1 for the first packet; -1 on a firehose 2, which has no
     *     numbers
     */
    public long received() {
        SessionNumbers counts = numbers;
        return counts == null ? -1 : counts.received();
    }

    // ---- the application's attachment

    /**
     * Attaches an object of the application to this session.
     *
     * @param state replaces the one that was attached before; null removes it
     */
    public void attach(@Nullable Object state) {
        attachment = state;
    }

    /**
     * Returns the object that was given to {@link #attach}.
     *
     * @return null if none is attached
     */
    public @Nullable Object attachment() {
        return attachment;
    }

    /**
     * Returns the object that was given to {@link #attach}, with its type.
     *
     * @param type the type of the attached object
     * @param <T> the type of the attached object
     * @return null if none is attached
     * @throws ClassCastException if it is of another type
     */
    public <T> @Nullable T attachment(Class<T> type) {
        return type.cast(attachment);
    }

    // ---- sending

    /**
     * Sends a packet to the client. Waits while the firehose's send buffer is full: until the server reads, the
     * firehose is lost, or the thread is interrupted (the interrupt stays set).
     *
     * <p>In a handler, nothing is read from the firehose while this method waits. {@code docs/BACKEND.md} explains why
     * that can't last for ever. If your handler must not wait, use {@link #trySend(byte[])}.
     *
     * @param data copied
     * @return true if the packet is on its way, or is kept until the session's server is back. False if it will not be
     *     sent: the session has ended or was kicked, it is away and there is no room to keep more, the wait was
     *     interrupted, or the backend is closed
     * @throws IllegalArgumentException if {@code data} is longer than {@link BackendOptions#maxFrameBytes()} allows
     */
    public boolean send(byte[] data) {
        return route.send(this, data, 0, data.length, true);
    }

    /**
     * Sends a part of an array, as {@link #send(byte[])} does.
     *
     * @param data the array that contains the packet
     * @param offset where the packet begins
     * @param length the length of the packet
     * @return as in {@link #send(byte[])}
     * @throws IndexOutOfBoundsException if the packet does not lie within {@code data}
     * @throws IllegalArgumentException as in {@link #send(byte[])}
     */
    public boolean send(byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        return route.send(this, data, offset, length, true);
    }

    /**
     * Sends the remaining bytes of a buffer, as {@link #send(byte[])} does.
     *
     * @param data copied; its position does not change
     * @return as in {@link #send(byte[])}
     * @throws IllegalArgumentException as in {@link #send(byte[])}
     */
    public boolean send(ByteBuffer data) {
        return route.send(this, data, true);
    }

    /**
     * Sends a packet if there is room for it, and never waits. After a refusal, {@link Handler#writable} is called when
     * there is room again: on the current firehose or, if that is lost, on the one that brings the session back.
     *
     * @param data copied
     * @return false if the firehose's send buffer is full, or if {@link #send(byte[])} would return false
     * @throws IllegalArgumentException as in {@link #send(byte[])}
     */
    public boolean trySend(byte[] data) {
        return route.send(this, data, 0, data.length, false);
    }

    /**
     * Sends the remaining bytes of a buffer, as {@link #trySend(byte[])} does.
     *
     * @param data copied; its position does not change
     * @return as in {@link #trySend(byte[])}
     * @throws IllegalArgumentException as in {@link #send(byte[])}
     */
    public boolean trySend(ByteBuffer data) {
        return route.send(this, data, false);
    }

    /**
     * Ends this session. Packets that were sent before are still delivered; then the server closes the client's link,
     * and the client can't resume. No more packets can be sent. Packets that the client had sent until then still come,
     * followed by {@link Handler#ended}. Never waits. If the session is away, the kick takes effect when its server is
     * back.
     *
     * @return false if the session had ended or was kicked before, or the backend is closed
     */
    public boolean kick() {
        return route.kick(this, "");
    }

    /**
     * Ends this session as {@link #kick()} does, and tells the client why. Only clients of protocol 3 behind a firehose 3
     * get the text.
     *
     * @param text for the client; at most 1024 bytes as UTF-8
     * @return as in {@link #kick()}
     * @throws IllegalArgumentException if {@code text} is too long
     */
    public boolean kick(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Kick.MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(
                    "a text of " + bytes + " bytes (expected: at most " + Kick.MAX_TEXT_BYTES + ")");
        }
        return route.kick(this, text);
    }

    /** Returns true at the first call only. For the reader of the session's firehose. */
    boolean begins() {
        boolean begins = !begun;
        begun = true;
        return begins;
    }

    void number(SessionNumbers counts) {
        numbers = counts;
    }

    /** Returns the counts of a session on a firehose 3. */
    SessionNumbers numbers() {
        assert numbers != null;
        return numbers;
    }

    /** Tells whether this is a session on a firehose 3. */
    boolean isNumbered() {
        return numbers != null;
    }

    // ---- for the directory, under its lock

    void leave() {
        assert route.isHeld();
        away = true;
    }

    void moveTo(Firehose next) {
        assert route.isHeld();
        firehose = next;
        away = false;
        gap = false;
        refused = false;
    }

    /** Lets a firehose handle this session's packets from now on. Its own packets still go another way. */
    void claim(Firehose next) {
        assert route.isHeld();
        firehose = next;
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
        assert route.isHeld();
        closed = true;
        kicked |= byKick;
    }

    boolean isKicked() {
        return kicked;
    }

    /** Drops what is kept for this session, as it has ended. */
    void drop() {
        route.drop(this);
    }

    void keep(byte[] frame) {
        assert route.isHeld();
        if (kept == null) {
            kept = new ArrayDeque<>();
        }
        kept.add(frame);
    }

    /** Takes the oldest frame that was kept; null if there is none. */
    byte @Nullable [] takeKept() {
        byte[] frame = kept == null ? null : kept.poll();
        if (frame == null) {
            kept = null;
        }
        return frame;
    }

    /** Returns a text for logs, without anything that the client has sent. */
    @Override
    public String toString() {
        return "session " + Long.toUnsignedString(id) + " of " + firehose;
    }
}
