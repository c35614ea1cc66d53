package net.voltlane.backend;

import org.jspecify.annotations.Nullable;

/**
 * What the application does about sessions and firehoses. Every method does nothing unless it is overridden.
 *
 * <p><b>Threads.</b> Each firehose has one thread that reads it and calls the handler, in the order in which the server
 * sent. With several connection servers attached, calls of different firehoses run side by side; calls about one
 * session never do. What has no firehose to belong to, {@link #writable} and the {@link #ended} of a session that
 * waited in vain, comes on one thread of the backend's own.
 *
 * <p>While a call runs, that firehose is not read. So a handler should be quick, and give what takes long to threads of
 * its own: if it does not keep up, the server holds its clients back. It may call anything here, {@link Session#send}
 * and {@link VoltlaneBackend#close()} included.
 *
 * <p><b>Exceptions</b> end nothing: they are logged, counted, and told to {@link #failed}; the next packet comes as if
 * nothing had happened.
 */
public interface Handler {

    /**
     * A client's data.
     *
     * @param session the client's session; the first call for a new one comes right after {@link #started}
     * @param data what the client sent, may be empty; the array is the handler's to keep and to change
     */
    default void data(Session session, byte[] data) {}

    /**
     * A session that this backend did not know. It is there because its client sent something or, if this backend was
     * restarted or had given the session up, because it came back; the call that tells which follows at once.
     *
     * @param session the new session
     */
    default void started(Session session) {}

    /**
     * A client goes on over a new link, or its connection server over a new firehose. What was on the way at that
     * moment may be lost, in both directions; what the client sends on the new link comes after this.
     *
     * @param session the session, the same object as before the interruption
     */
    default void reconnected(Session session) {}

    /**
     * A session is over. This is the last call about it, and comes exactly once for each that has {@link #started};
     * only {@link VoltlaneBackend#close()} ends nothing, as sessions outlive a backend.
     *
     * @param session the session, already closed
     * @param reason why
     */
    default void ended(Session session, EndReason reason) {}

    /**
     * A connection server has dialled. The first call of a firehose.
     *
     * @param firehose the new link
     */
    default void attached(Firehose firehose) {}

    /**
     * A firehose is lost; its last call. Its sessions stay, {@linkplain Session#isAway() away}, until a new firehose of
     * the server brings them back or {@link BackendOptions#orphanTimeout()} is over.
     *
     * @param firehose the link that is gone
     * @param reason what happened, for people
     */
    default void detached(Firehose firehose, String reason) {}

    /**
     * A firehose that had refused a packet for want of room has room again: half of its send buffer is free. Or one has
     * brought sessions back that had been refused a packet before or while they were away.
     *
     * @param firehose the link that may be written to
     */
    default void writable(Firehose firehose) {}

    /**
     * A method of this handler has thrown. It was logged already, at a bounded rate; this is for those who want to know
     * of each. Or one of the backend's own threads has died, and the backend closes itself, see
     * {@link VoltlaneBackend#awaitClosed()}.
     *
     * @param session whom the call was about, null if it was about a firehose or none
     * @param error what was thrown
     */
    default void failed(@Nullable Session session, Throwable error) {}
}
