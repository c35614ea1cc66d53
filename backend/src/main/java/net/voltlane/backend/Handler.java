package net.voltlane.backend;

import org.jspecify.annotations.Nullable;

/**
 * The application's callbacks about sessions and firehoses. Each method does nothing unless it is overridden.
 *
 * <p><b>Threads.</b> Each firehose has one thread that reads it and calls the handler, in the order in which the server
 * sent. With several connection servers attached, calls of different firehoses run concurrently; calls about one
 * session never do. Two calls come on another thread of the backend: {@link #writable}, and {@link #ended} for a
 * session that has waited for a firehose in vain.
 *
 * <p>While a call runs, that firehose is not read. So keep handlers fast, and do long work on threads of your own: if
 * the handler does not keep up, the server holds its clients back. A handler may call any method of this library,
 * including {@link Session#send} and {@link VoltlaneBackend#close()}.
 *
 * <p><b>Exceptions</b> end nothing: they are logged, counted, and passed to {@link #failed}. The next packet comes as
 * usual. On a firehose 3 the packet counts as taken over, and does not come again.
 */
public interface Handler {

    /**
     * Called for each packet of a client.
     *
     * @param session the client's session; the first call for a new one comes right after {@link #started}
     * @param data the packet, may be empty; the handler may keep and change the array
     */
    default void data(Session session, byte[] data) {}

    /**
     * Called for a session that this backend did not know. On a firehose 2: its client has sent a first packet, or it has
     * reconnected after this backend was restarted or had given the session up; {@link #data} or {@link #reconnected}
     * follows at once. On a firehose 3: the client has opened the session, or this backend was restarted; {@link #opened}
     * follows at once.
     *
     * @param session the new session; packets may be sent to it from now on
     */
    default void started(Session session) {}

    /**
     * Called right after {@link #started}, with what the server knows about the client. Only on a firehose 3.
     *
     * @param session the new session. {@link Session#received()} tells how many packets its client had sent to an earlier
     *     backend process, which has taken them over
     * @param client addresses, transport, protocol version and credentials
     */
    default void opened(Session session, ClientInfo client) {}

    /**
     * Called when a client goes on over a new link, or on a firehose 2 its connection server over a new firehose. On a
     * firehose 2, packets that were on their way at that moment may be lost, in both directions. Packets that the client
     * sends on the new link come after this call.
     *
     * @param session the session; the same object as before the interruption
     */
    default void reconnected(Session session) {}

    /**
     * Called when a client has lost its connection. What is sent to it meanwhile waits at the server. {@link #resumed} or
     * {@link #ended} follows. A session that ends at once is not suspended before. Also called right before {@link #resumed}
     * when another connection server goes on with the session, unless it was suspended. Only on a firehose 3.
     *
     * @param session the session, which goes on
     * @param cause a text for people; may be empty
     */
    default void suspended(Session session, String cause) {}

    /**
     * Called when a client has resumed its session on a new connection. On a firehose 3 no packet is lost on the way if
     * the client speaks version 3 too. That holds also if the client has come back to another connection server, which shares
     * a store with the first: {@link Session#firehose()} is another one then. Calls {@link #reconnected} unless it is
     * overridden. Only on a firehose 3.
     *
     * @param session the session; the same object as before the interruption
     * @param remote the client's new address and port; empty if the server did not tell
     * @param takeover true if the server had not noticed that the old connection was lost, so that {@link #suspended} was
     *     not called
     */
    default void resumed(Session session, String remote, boolean takeover) {
        reconnected(session);
    }

    /**
     * Called when a client takes what it is sent more slowly than it is sent: half of what the server may keep for it is
     * in use. At the bound the server ends the session. Only on a firehose 3, and only if this method or {@link #ready} is
     * overridden.
     *
     * @param session the session of the slow client
     * @param bytes the bytes that the server keeps for this client
     */
    default void slow(Session session, long bytes) {}

    /**
     * Called when a client that was {@link #slow} has caught up: a quarter of what the server may keep is in use. Only on
     * a firehose 3, and only if this method or {@link #slow} is overridden.
     *
     * @param session the session of the client
     * @param bytes the bytes that the server keeps for this client
     */
    default void ready(Session session, long bytes) {}

    /**
     * Called when a client has acknowledged packets. A client of version 2 acknowledges nothing; for it the packets that
     * its socket has taken count. Only on a firehose 3, and only if this method is overridden.
     *
     * @param session the session of the client
     * @param count the number of packets that the client has acknowledged, of all that were sent in this session
     */
    default void delivered(Session session, long count) {}

    /**
     * Called when a session has ended. This is the last call about it, and comes exactly once for each session that has
     * {@link #started}. It does not come after {@link VoltlaneBackend#close()}, as sessions outlive a backend.
     *
     * @param session the session, already closed
     * @param reason why
     */
    default void ended(Session session, EndReason reason) {}

    /**
     * Called when a connection server has dialled. This is the first call about a firehose.
     *
     * @param firehose the new link
     */
    default void attached(Firehose firehose) {}

    /**
     * Called when a firehose is lost. This is the last call about it. Its sessions are {@linkplain Session#isAway()
     * away} until a new firehose of the server brings them back, or {@link BackendOptions#orphanTimeout()} is over. Sessions
     * of servers with a store may also go on at another server.
     *
     * @param firehose the link that is gone
     * @param reason the reason, a text for people
     */
    default void detached(Firehose firehose, String reason) {}

    /**
     * Called when a firehose has room again after it had refused a packet: half of its send buffer is free. Also called
     * when a firehose has brought back sessions for which a packet was refused.
     *
     * @param firehose the link that may be written to
     */
    default void writable(Firehose firehose) {}

    /**
     * Called when a method of this handler has thrown an exception. It was logged already, at a bounded rate; this
     * method is called for every one. Also called when one of the backend's own threads has died and the backend closes
     * itself, see {@link VoltlaneBackend#awaitClosed()}.
     *
     * @param session the session that the call was about; null if it was about none
     * @param error the exception
     */
    default void failed(@Nullable Session session, Throwable error) {}
}
