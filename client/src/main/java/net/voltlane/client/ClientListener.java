package net.voltlane.client;

import java.io.IOException;

/**
 * A listener for the events of a client's session. Implement the methods that you need.
 *
 * <pre>
 *                    +------------------ resumed -----------------+
 *                    v                                            |
 *  connect() --> connected(isNew) ---------- suspended(why) ------+----- sessionGone(n) ---> connected(true)
 *                    |                            |                            |
 *                    +----------------------------+----------------------------+---> closed(reason, retryable)
 * </pre>
 *
 * <p>All calls come from one thread, one after the other, and in order with the packets for
 * {@linkplain ClientBuilder#onData onData}. The same thread reads from the server. A slow callback therefore holds the
 * server back, and a callback that waits for something that only a packet or a resume can bring about waits for ever.
 * In a callback {@code send} never waits (see {@link SendPolicy#WAIT}), and {@link VoltlaneClient#close()} may be
 * called. An exception of a callback is logged and otherwise ignored.
 */
public interface ClientListener {

    /**
     * Called when there is a session: the first one, or a new one that replaces one that was gone. A backend that
     * uses firehose 2 hears of a new session only when it gets a packet from it, so send a first packet in each new session.
     *
     * <p>For the first session, call {@code send} after {@link ClientBuilder#connect()}, because this method may be
     * called before {@code connect} has returned the client. In a session that replaces one that was
     * {@linkplain #sessionGone gone}, you can send from here.
     *
     * @param client whose session it is
     * @param isNew false if the session was resumed from an {@linkplain ClientBuilder#importState imported state}
     * @throws Exception any exception; it is logged
     */
    default void connected(VoltlaneClient client, boolean isNew) throws Exception {}

    /**
     * Called when the link was lost. The server keeps the session for its stale timeout. The client is trying to resume
     * it, and keeps the packets that are sent meanwhile.
     *
     * <p>A server closes the link in good order when it ends a session (a kick), when another client takes the session
     * over, or when it stops. The client can't tell which it was until it has tried to resume. So don't report a lost
     * connection to your user here: {@link #resumed}, {@link #sessionGone} or {@link #closed} will follow.
     *
     * @param client whose link it was
     * @param cause how the link ended; a {@link java.io.EOFException} if the server closed it in good order
     * @throws Exception any exception; it is logged
     */
    default void suspended(VoltlaneClient client, IOException cause) throws Exception {}

    /**
     * Called when the session has a link again. Packets that were sent meanwhile go out, and packets that the server
     * has kept come in.
     *
     * @param client whose session it is
     * @throws Exception any exception; it is logged
     */
    default void resumed(VoltlaneClient client) throws Exception {}

    /**
     * Called when a server has refused to resume the session: it says that the session is over, or that packets are
     * missing. It has not proved anything by then, and anybody on the path can say the same, so the client keeps its
     * state and tries again. After five refusals it believes them: {@link #sessionGone} or {@link #closed} follows. Only
     * for sessions of version 3 of the protocol.
     *
     * @param client whose session it is
     * @param reason the reason that the server gave
     * @throws Exception any exception; it is logged
     */
    default void resumeRefused(VoltlaneClient client, CloseReason reason) throws Exception {}

    /**
     * Called when the session is gone for good and the client is about to open a new one, as
     * {@link ClientBuilder#newSessionWhenGone} allows. Packets that still waited to be sent belonged to the old session
     * and are discarded. Packets that are sent from now on go to the new session.
     *
     * @param client whose session it was
     * @param discardedPackets the number of packets that were discarded
     * @throws Exception any exception; it is logged
     */
    default void sessionGone(VoltlaneClient client, long discardedPackets) throws Exception {}

    /**
     * Called last, when the client has ended. Packets that came before can still be received.
     *
     * @param client the client that has ended
     * @param reason why it has ended
     * @param retryable as {@link CloseReason#retryable()}
     * @throws Exception any exception; it is logged
     */
    default void closed(VoltlaneClient client, CloseReason reason, boolean retryable) throws Exception {}
}
