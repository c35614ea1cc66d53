package net.voltlane.backend;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.firehose3.Delivered;
import net.voltlane.protocol.firehose3.Ended;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.firehose3.Opened;
import net.voltlane.protocol.firehose3.Ready;
import net.voltlane.protocol.firehose3.Resumed;
import net.voltlane.protocol.firehose3.Slow;
import net.voltlane.protocol.firehose3.Suspended;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the numbered packets of a firehose 3, each of which is about a session.
 *
 * <pre>
 *                 Opened                      Ended
 *   (nothing) -------------&gt; open ---------------------------&gt; ended
 *                            |  ^                                ^
 *   both sides begin to      |  | Opened, existing               |
 *   count anew               v  |                                | the server has opened all others
 *                          to be opened anew --------------------+
 * </pre>
 *
 * For the firehose's reader.
 */
final class SessionPackets {
    private final Firehose firehose;
    private final BackendContext context;
    private final KnownServer server;
    private final Adoptions adoptions;
    /** The session of the last packet of data. */
    private @Nullable Session last;
    /** The number of Pings since the last numbered packet. */
    private int pings;

    SessionPackets(Firehose firehose, BackendContext context, KnownServer server) {
        this.firehose = firehose;
        this.context = context;
        this.server = server;
        adoptions = new Adoptions(firehose, context, server);
    }

    /**
     * Handles a packet. It is taken over when this method returns.
     *
     * @throws MalformedPacketException if the packet can't be true, so that the link has to end
     */
    void handle(long id, int flag, ByteBuffer buffer, int offset, int length) throws MalformedPacketException {
        pings = 0;
        if (flag == MessageFlag.DATA) {
            data(id, buffer.array(), offset, length);
            return;
        }
        FirehoseMessage message = MessageCodec.decode(id, flag, buffer.slice(offset, length), true);
        if (message == null) {
            context.malformed("flag " + flag, firehose);
        } else if (message instanceof Opened opened) {
            opened(id, opened);
        } else {
            if (message instanceof Ended) {
                hasOpened();
            }
            Session session = server.sessions().get(id);
            if (session == null || !isOwn(session)) {
                unknown(id, flag);
            } else {
                handle(session, message);
            }
        }
    }

    /**
     * Called after a Ping. A server sends one when it has sent nothing for a while, so it has opened all sessions, or its
     * socket has taken nothing. Two in a row show that nothing waits.
     */
    void afterPing() {
        pings++;
        if (pings >= 2) {
            hasOpened();
        }
    }

    private void data(long id, byte[] bytes, int offset, int length) {
        if (server.isOpening()) {
            hasOpened();
        }
        Session session = last;
        if (session == null || session.id() != id) {
            session = server.sessions().get(id);
            if (session == null) {
                unknown(id, MessageFlag.DATA);
                return;
            }
            last = session;
        }
        if (!isOwn(session)) {
            last = null;
            unknown(id, MessageFlag.DATA);
            return;
        }
        byte[] data = Arrays.copyOfRange(bytes, offset, offset + length);
        if (session.numbers().receives()) {
            context.calls().data(session, data);
        } else {
            context.counters().repeated.increment();
        }
    }

    /** Claims a session for handler calls, if another server can take it over. Returns false if one has done so. */
    private boolean isOwn(Session session) {
        return !server.adopts() || firehose.held().claims(session);
    }

    /**
     * Drops a packet for a session that is not open here: another server has it. Or it is the late end of a session that went
     * on elsewhere, of which nothing is remembered, or that an earlier process of this backend had. Or it was refused, or the
     * server breaks the rules; then it is counted.
     */
    private void unknown(long id, int flag) {
        if (server.adopts() && (adoptions.drops(id, flag) || flag == MessageFlag.ENDED)) {
            return;
        }
        context.malformed("flag " + flag + " for a session that is not open", firehose);
    }

    private void handle(Session session, FirehoseMessage message) {
        HandlerCalls calls = context.calls();
        SessionNumbers numbers = session.numbers();
        if (message instanceof Ended ended) {
            end(session, EndReason.of(ended));
        } else if (message instanceof Suspended suspended) {
            numbers.suspend(true);
            calls.suspended(session, suspended.cause());
        } else if (message instanceof Resumed resumed) {
            numbers.suspend(false);
            calls.resumed(session, resumed.remote(), resumed.takeover());
        } else if (message instanceof Delivered delivered) {
            if (numbers.keepsUndelivered()) {
                server.outbox().moves().delivered(session, delivered.count());
            }
            if (numbers.delivers(delivered.count())) { // a server says it again once both have begun to count anew
                calls.delivered(session, delivered.count());
            }
        } else if (message instanceof Slow slow) {
            numbers.slow(true);
            calls.slow(session, slow.bytes());
        } else if (message instanceof Ready ready) {
            numbers.slow(false);
            calls.ready(session, ready.bytes());
        }
    }

    // ---- sessions begin

    private void opened(long id, Opened opened) throws MalformedPacketException {
        if (adoptions.opened(id, opened)) {
            return;
        }
        Session session = server.sessions().get(id);
        if (session == null || !isOwn(session)) {
            begin(id, opened);
        } else if (server.isOpening() && session.numbers().isToBeOpened()) {
            openAnew(session, opened);
        } else {
            context.malformed("Opened for a session that is open", firehose);
        }
    }

    private void begin(long id, Opened opened) {
        Session session = context.directory().locked(() -> {
            firehose.held().dropStrays();
            Session begun = context.directory().begin(firehose, id, server);
            if (begun != null) {
                begun.number(new SessionNumbers(
                        server,
                        adoptions.epoch(opened),
                        server.undelivered(),
                        opened.nextFromClient(),
                        opened.nextToClient(),
                        opened.suspended()));
                server.former().remove(id);
            }
            return begun;
        });
        if (session == null) {
            server.outbox().tryKick(id); // if possible, as the client would wait for answers in vain
            context.sessionRefused(firehose);
            return;
        }
        isOwn(session);
        if (opened.adopted()) {
            server.outbox().moves().position(session, adoptions.epoch(opened));
        }
        context.calls().started(session);
        context.calls().opened(session, ClientInfo.of(opened));
    }

    /** Goes on with a session that this backend knows, where both sides have begun to count anew. */
    private void openAnew(Session session, Opened opened) {
        adoptions.learn(session, opened);
        session.numbers().receivesFrom(opened.nextFromClient());
        if (!server.outbox().confirm(session, opened.nextToClient())) {
            context.malformed("Opened with less than was acknowledged", firehose);
            session.kick("gap");
        }
        if (session.numbers().suspend(opened.suspended())) {
            if (opened.suspended()) {
                context.calls().suspended(session, "");
            } else {
                String remote = ClientInfo.of(opened).remote();
                context.calls().resumed(session, remote, false);
            }
        }
    }

    // ---- sessions end

    /** Ends the sessions that the server has not opened anew, once something shows that it has opened all. */
    private void hasOpened() {
        if (!server.isOpening()) {
            return;
        }
        server.hasOpened();
        List<Session> gone = new ArrayList<>();
        server.sessions().forEach(session -> {
            if (session.firehose() == firehose && session.numbers().isToBeOpened()) {
                gone.add(session);
            }
        });
        for (Session session : gone) {
            end(session, EndReason.MISSED);
        }
    }

    private void end(Session session, EndReason reason) {
        last = null;
        context.directory().end(session, firehose);
        server.drop(session);
        context.calls().ended(session, reason);
    }
}
