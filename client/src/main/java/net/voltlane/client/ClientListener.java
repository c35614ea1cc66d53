package net.voltlane.client;

import java.io.IOException;

/**
 * What happens to a client's session. Implement what you want to know of.
 *
 * <pre>
 *                    +------------------ resumed -----------------+
 *                    v                                            |
 *  connect() --> connected(isNew) ---------- suspended(why) ------+----- sessionGone(n) ---> connected(true)
 *                    |                            |                            |
 *                    +----------------------------+----------------------------+---> closed(reason, retryable)
 * </pre>
 *
 * <p>All calls come from one thread, one after the other and in order with the packets for
 * {@linkplain ClientBuilder#onData onData}. It is the thread that reads from the server, too: a callback that takes its
 * time holds the server back, and one that waits for something which only a packet or a resume can bring about waits
 * for ever. Sending never waits there (see {@link SendPolicy#WAIT}), and {@link VoltlaneClient#close()} may be called.
 * What a callback throws is logged and otherwise ignored.
 */
public interface ClientListener {

    /**
     * There is a session: the first one, or a new one in place of one that was gone. The backend knows nothing of a new
     * session until a packet is sent, so a program should say hello in each new one.
     *
     * <p>For the first session, call {@code send} after {@link ClientBuilder#connect()}: this may be called before that
     * has returned the client. Whenever a session was {@linkplain #sessionGone gone} the program has its client
     * already, and can send from here.
     *
     * @param client whose session it is
     * @param isNew false if it is the session of an {@linkplain ClientBuilder#importState imported state}
     * @throws Exception whatever the program likes; it is logged
     */
    default void connected(VoltlaneClient client, boolean isNew) throws Exception {}

    /**
     * The link was lost. The session lives on at the server, for as long as that cares to wait; the client is trying to
     * get back to it, and keeps what is sent meanwhile.
     *
     * <p>A server closes the link in good order when it ends a session (a kick), when another client takes the session
     * over, or when it stops; the client can't tell these apart before it has asked for its session again. So do not
     * tell a user of a lost connection then; {@link #resumed}, {@link #sessionGone} or {@link #closed} will follow.
     *
     * @param client whose link it was
     * @param cause how the link ended; a {@link java.io.EOFException} if the server closed it in good order
     * @throws Exception whatever the program likes; it is logged
     */
    default void suspended(VoltlaneClient client, IOException cause) throws Exception {}

    /**
     * The session has a link again. What was sent meanwhile goes out, what the server has kept comes in.
     *
     * @param client whose session it is
     * @throws Exception whatever the program likes; it is logged
     */
    default void resumed(VoltlaneClient client) throws Exception {}

    /**
     * The session is gone for good, and a new one will be opened as {@link ClientBuilder#newSessionWhenGone} allows.
     * What was still waiting to be sent belonged to the old one and is discarded; what is sent from now on goes to the
     * new one.
     *
     * @param client whose session it was
     * @param discardedPackets how many packets were discarded
     * @throws Exception whatever the program likes; it is logged
     */
    default void sessionGone(VoltlaneClient client, long discardedPackets) throws Exception {}

    /**
     * The client has ended; the last call. Packets that came before can still be received.
     *
     * @param client which one
     * @param reason why
     * @param retryable as {@link CloseReason#retryable()}
     * @throws Exception whatever the program likes; it is logged
     */
    default void closed(VoltlaneClient client, CloseReason reason, boolean retryable) throws Exception {}
}
