package net.voltlane.client;

import java.io.EOFException;
import java.io.IOException;
import net.voltlane.client.Connector.Connected;
import net.voltlane.client.SendStore.Ending;
import net.voltlane.tcp.KernelSockets;
import org.jspecify.annotations.Nullable;

/**
 * The loop that keeps a session on a link. One thread, the supervisor's, does everything in turn: it reads, sees the
 * link end, closes it, waits, dials, does the handshake, and reads again. The same thread calls the program's
 * callbacks. So a new link is never made before the old one is closed, and events always come in order.
 *
 * <p>{@link Phase} draws the states, and {@link SessionProtocol} has what depends on the version of the protocol. Other
 * threads ask for something (close, reconnect) by setting a field, and wake the supervisor's thread ({@link Wakeup}).
 */
final class ConnectionSupervisor implements Runnable {

    /** The packets of the client, in both directions. */
    record Queues(SendQueue sends, ReceiveQueue receives) {}

    private record GivenUp(SessionState state, long untilNanos) {}

    private final Options options;
    private final Connector connector;
    private final Environment environment;
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final Events events;
    private final Backoff backoff;
    private final Connected first;
    private final Wakeup wakeup;
    private final Closing closing;

    // Written by the supervisor's thread only.
    private volatile SessionState state;
    private volatile SessionProtocol session;
    private volatile Phase phase = Phase.LIVE;
    private volatile @Nullable Thread thread;
    /** The session that was given up last, and until when it may be worth something; for version 3. */
    private volatile @Nullable GivenUp givenUp;

    /** True if the server has ended the session on a link that had proved itself. */
    private boolean toldOnLink;

    // Written by another thread.
    private volatile @Nullable Throwable bug;

    ConnectionSupervisor(
            Options options,
            Connector connector,
            Environment environment,
            Queues queues,
            Events events,
            Backoff backoff,
            Connected first) {
        this.options = options;
        this.connector = connector;
        this.environment = environment;
        this.sends = queues.sends();
        this.receives = queues.receives();
        this.events = events;
        this.backoff = backoff;
        this.first = first;
        this.state = first.state().withoutPackets();
        this.wakeup = new Wakeup(environment.time(), first.link(), this::cut);
        this.closing = new Closing(queues, wakeup, options.timeouts().closeNanos());
        this.session = begin(first);
    }

    // ---- for other threads

    SessionState state() {
        return state;
    }

    SessionProtocol session() {
        return session;
    }

    /** Returns the session that was given up last; null after its waiting time. */
    @Nullable
    SessionState givenUp() {
        GivenUp last = givenUp;
        return last == null || environment.time().nowNanos() - last.untilNanos() >= 0 ? null : last.state();
    }

    /** Tells whether the server has forgotten the session. */
    boolean isSessionGone() {
        return phase.isSessionGone();
    }

    boolean isLive() {
        return phase == Phase.LIVE && !closing.isRequested();
    }

    /**
     * Tells whether the caller runs in a callback, on the supervisor's thread. Such a caller must not wait for anything
     * that only the supervisor can bring about.
     */
    boolean isCallback() {
        return Thread.currentThread() == thread;
    }

    /** Drops the link, or ends the wait between two attempts, and dials at once. */
    void reconnect() {
        if (!closing.isNow()) {
            wakeup.reconnect();
        }
    }

    /** See {@link Closing#request}. */
    void close(Ending ending, boolean acknowledgements) {
        Closing.How how = new Closing.How(ending, acknowledgements, phase == Phase.LIVE, isCallback());
        closing.request(how, session);
    }

    /** Waits until the client has ended, for a limited time, also if this thread is interrupted. */
    void awaitEnd() {
        closing.awaitEnd();
    }

    /** Ends the client because of a bug in this library or an error of the virtual machine. */
    void fail(Throwable what) {
        bug = what;
        wakeup.wake(true);
    }

    /** Closes a link, also for a supervisor's thread that waits for room for a packet from that link. */
    void cut(Link what) {
        what.close();
        receives.linkClosed();
    }

    // ---- for the supervisor's thread

    @Override
    public void run() {
        thread = Thread.currentThread();
        ClientException end;
        try {
            end = runSession();
        } catch (RuntimeException | Error e) {
            end = new ClientFailedException("the client failed: " + e, e);
        }
        end(end);
    }

    /** Runs until the client ends, and returns why it has ended. */
    private ClientException runSession() {
        try {
            Connected now = first;
            long sinceNanos = environment.time().nowNanos();
            attach(now);
            events.connected(state, now.isNew());
            while (true) {
                now = nextLink(now.link(), sinceNanos);
                sinceNanos = environment.time().nowNanos();
                attach(now);
                if (now.isNew()) {
                    events.connected(state, true);
                } else {
                    events.resumed(state);
                }
            }
        } catch (ClientException end) {
            return end;
        }
    }

    private void attach(Connected fresh) {
        Link link = fresh.link();
        session.attach(fresh);
        link.monitorWith(
                new LinkMonitor(link, options.timeouts().peerNanos(), this::cut, KernelSockets::here, session::watch),
                sends::wakeWriter);
        sends.attach(link);
    }

    /** Begins a session: the queues keep its packets from now on. */
    private SessionProtocol begin(Connected with) {
        SessionProtocol fresh = SessionProtocols.of(with, options, environment, new Queues(sends, receives));
        receives.count(fresh.takenOver());
        SessionProtocols.refuseFutures(fresh, sends.replaceStore(fresh.store()));
        return fresh;
    }

    /** Reads from a link until it ends, and makes the next one. */
    private Connected nextLink(Link used, long sinceNanos) throws ClientException {
        IOException cause;
        ClientException gone = null;
        try {
            cause = readUntilLost(used, sinceNanos);
        } catch (ClientException over) {
            if (closing.isRequested()
                    || !over.reason().mayReplace()
                    || !options.retry().newSessionWhenGone()) {
                toldOnLink = over.reason().endsSession();
                throw over;
            }
            cause = over;
            gone = over;
        }
        events.suspended(state, cause);
        return makeNewLink(gone);
    }

    /**
     * Reads from a link until it ends, and returns why it has ended. By then it is closed, and the writer does not use
     * it.
     */
    private IOException readUntilLost(Link used, long sinceNanos) throws ClientException {
        IOException cause = null;
        try {
            deliver(used);
        } catch (ClientException violation) {
            throw violation;
        } catch (IOException e) {
            cause = used.isOpen() || e instanceof CloseReceived ? e : new IOException(used.closeReason(), e);
        } finally {
            used.close();
            sends.detach();
        }
        become(Phase.RESUMING);
        throwIfEnding();
        long livedNanos = environment.time().nowNanos() - sinceNanos;
        backoff.linkLived(livedNanos);
        session.linkEnded(cause, livedNanos);
        return cause == null ? new EOFException("the server closed the link") : cause;
    }

    /** Reads packets and hands them on until the server ends the link in good order. */
    private void deliver(Link from) throws IOException {
        PacketHandler onData = options.onData();
        boolean leaving = false;
        while (true) {
            if (closing.isNow() && !leaving) {
                // Reads on until the server's FIN, for a limited time: a close with unread input would reset the
                // connection, which may destroy the packets that were just sent.
                leaving = true;
                from.startTimeout(options.timeouts().closeNanos());
            }
            byte[] packet = session.next(from);
            if (packet == null) {
                return;
            }
            if (closing.isRequested()) {
                continue;
            }
            if (onData != null) {
                events.data(onData, packet);
                session.handled(packet);
            } else {
                receives.put(packet, from::isOpen);
            }
        }
    }

    /** @param gone why the session can't be resumed; null if it can */
    private Connected makeNewLink(@Nullable ClientException gone) throws ClientException {
        Time time = environment.time();
        long sinceNanos = time.nowNanos();
        Options.Retry retry = options.retry();
        boolean replaces = retry.newSessionWhenGone() && !closing.isRequested();
        RetryPolicy retryPolicy = RetryPolicy.until(retry.giveUpNanos(), retry.pinned())
                .forSession(session.waitingTimeNanos(), session.hasUnknownCode());
        String elsewhere = session.takeElsewhere();
        if (elsewhere != null) {
            connector.leave(elsewhere);
        }
        Reconnector reconnector = new Reconnector(connector, retryPolicy, backoff, replaces, time);
        SupervisorCallbacks callbacks = new SupervisorCallbacks();
        Connected found;
        try {
            if (gone != null) {
                callbacks.sessionGone(gone);
            }
            long agreedNanos = gone == null ? session.agreedWaitNanos() : CloseCodes.retryAfterNanos(gone);
            long waitNanos = agreedNanos == 0 && gone == null ? 0 : Math.max(agreedNanos, 0) + backoff.nextNanos();
            callbacks.pause(retryPolicy.cap(waitNanos, 0));
            found = reconnector.run(state, sinceNanos, callbacks, gone != null);
        } catch (InterruptedException impossible) {
            throw new AssertionError("the supervisor's pauses are not interrupted", impossible);
        }
        state = found.state();
        if (found.isNew()) {
            session = begin(found);
        }
        become(Phase.LIVE);
        return found;
    }

    private void keepGivenUp() {
        if (session.version() == Protocol.V3) {
            long untilNanos = environment.time().nowNanos() + session.waitingTimeNanos();
            givenUp = new GivenUp(session.export(state, true), untilNanos);
        }
    }

    private void end(ClientException end) {
        ClientException why = closing.isRequested() ? Closing.closed() : end;
        become(isGone(end) ? Phase.ENDED_WITHOUT_SESSION : Phase.ENDED);
        wakeup.wake(true);
        sends.detach();
        int discarded = sends.end(why);
        receives.end(why);
        receives.release();
        try {
            events.closed(state, why, closing.isExportingPackets() ? 0 : discarded);
        } finally {
            closing.over();
        }
    }

    /** Tells whether the session has ended with this client. What a server says without a proof does not end it. */
    private boolean isGone(ClientException end) {
        return phase.isSessionGone() || phase == Phase.RESUMING && (toldOnLink || session.isGone(end));
    }

    private void become(Phase next) {
        assert isCallback() : "the phase belongs to the supervisor's thread";
        assert phase.mayBecome(next) : phase + " -> " + next;
        phase = next;
    }

    private void throwIfEnding() throws ClientException {
        Throwable cause = bug;
        if (cause != null) {
            throw new ClientFailedException("the client failed: " + cause, cause);
        }
        if (closing.isNow()) {
            throw Closing.closed();
        }
    }

    /** The supervisor's part in making a new link: it waits between attempts and can be woken by other threads. */
    private final class SupervisorCallbacks implements Reconnector.Callbacks {

        @Override
        public void dialing(Link next) throws ClientException {
            // The thread may come from a pool of the program's. An interrupt has no meaning here, and would close the
            // socket.
            Thread.interrupted();
            wakeup.linkIs(next);
            throwIfEnding();
        }

        @Override
        public ResumeCounts counts(SessionState of) {
            return session.counts(of);
        }

        @Override
        public void pause(long nanos) throws ClientException {
            receives.release();
            wakeup.pause(nanos, () -> closing.isNow() || bug != null);
            throwIfEnding();
        }

        @Override
        public void refused(ClientException why) {
            events.refused(state, why);
        }

        @Override
        public void sessionGone(ClientException why) {
            become(Phase.REPLACING);
            keepGivenUp();
            receives.release();
            events.sessionGone(state, why, sends.clear(why));
        }
    }
}
