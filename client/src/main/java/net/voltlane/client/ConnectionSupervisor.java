package net.voltlane.client;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import net.voltlane.client.Connector.Connected;
import org.jspecify.annotations.Nullable;

/**
 * The loop that keeps a session on a link. One thread, the supervisor's, does everything in turn: it reads, sees the
 * link end, closes it, waits, dials, does the handshake, and reads again. The same thread calls the program's
 * callbacks. So a new link is never made before the old one is closed, and events always come in order.
 *
 * <p>{@link Phase} draws the states. Other threads ask for something (close, reconnect) by setting a field. They then
 * wake the supervisor's thread, by signalling its condition or by closing its link.
 */
final class ConnectionSupervisor implements Runnable {

    /**
     * The time in which the client ends after its link was closed. Only a callback that does not return, or the look-up
     * of a name, can take longer.
     */
    private static final long GRACE_NANOS = 1_000_000_000L;

    /** The packets of the client, in both directions. */
    record Queues(SendQueue sends, ReceiveQueue receives) {}

    private final Options options;
    private final Connector connector;
    private final Environment environment;
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final Events events;
    private final Backoff backoff;
    private final TakeoverDetector takeoverDetector = new TakeoverDetector();
    private final Connected first;
    private final CountDownLatch over = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition requested = lock.newCondition();

    /**
     * The newest link, connected or not; other threads close it to wake the supervisor's thread. Guarded by the lock.
     */
    private Link link;
    /** True if {@link #reconnect} has asked for a new link without a wait. Guarded by the lock. */
    private boolean reconnectNow;

    // Written by the supervisor's thread only.
    private volatile SessionState state;

    private volatile Phase phase = Phase.LIVE;
    private volatile @Nullable Thread thread;

    // Written by other threads.
    private volatile boolean closing;
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
        this.state = first.state();
        this.link = first.link();
    }

    // ---- for other threads

    SessionState state() {
        return state;
    }

    /** Tells whether the server has forgotten the session. */
    boolean isSessionGone() {
        return phase.isSessionGone();
    }

    boolean isLive() {
        return phase == Phase.LIVE && !closing;
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
        if (!closing) {
            lock.lock();
            try {
                reconnectNow = true;
            } finally {
                lock.unlock();
            }
            wakeUp(true);
        }
    }

    /**
     * Ends the client and waits until it has ended. Called from a callback it does not wait, as the end has to wait for
     * the callback to return.
     */
    void close() {
        closing = true;
        ClientException why = closed();
        sends.finish(why);
        receives.end(why);
        // A live link first sends the packets that wait and is then shut down, which wakes the thread.
        wakeUp(phase != Phase.LIVE);
        if (!isCallback() && !isOverWithin(options.timeouts().closeNanos())) {
            wakeUp(true);
            isOverWithin(GRACE_NANOS);
        }
    }

    /** Ends the client because of a bug in this library or an error of the virtual machine. */
    void fail(Throwable what) {
        bug = what;
        wakeUp(true);
    }

    /** Closes a link, also for a supervisor's thread that waits for room for a packet from that link. */
    void cut(Link what) {
        what.close();
        receives.linkClosed();
    }

    /** Wakes the supervisor's thread, whatever it waits for. */
    private void wakeUp(boolean cutLink) {
        lock.lock();
        try {
            requested.signal();
            if (cutLink) {
                cut(link);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isOverWithin(long nanos) {
        try {
            return over.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
            attach(now.link());
            events.connected(state, now.isNew());
            while (true) {
                events.suspended(state, readUntilLost(now.link(), sinceNanos));
                now = makeNewLink();
                sinceNanos = environment.time().nowNanos();
                attach(now.link());
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

    private void attach(Link fresh) {
        fresh.monitorWith(new LinkMonitor(fresh, options.timeouts().peerNanos(), this::cut));
        sends.attach(fresh);
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
            cause = used.isOpen() ? e : new IOException(used.closeReason(), e);
        } finally {
            used.close();
            sends.detach();
        }
        become(Phase.RESUMING);
        throwIfEnding();
        long livedNanos = environment.time().nowNanos() - sinceNanos;
        backoff.linkLived(livedNanos);
        takeoverDetector.linkEnded(cause == null, livedNanos);
        return cause == null ? new EOFException("the server closed the link") : cause;
    }

    /** Reads packets and hands them on until the server ends the link in good order. */
    private void deliver(Link from) throws IOException {
        PacketHandler onData = options.onData();
        boolean leaving = false;
        while (true) {
            if (closing && !leaving) {
                // Reads on until the server's FIN, for a limited time: a close with unread input would reset the
                // connection, which may destroy the packets that were just sent.
                leaving = true;
                from.startTimeout(options.timeouts().closeNanos());
            }
            byte[] packet = from.next(options.maxFrameBytes());
            if (packet == null) {
                return;
            }
            if (closing) {
                continue;
            }
            if (onData != null) {
                events.data(onData, packet);
            } else {
                receives.put(packet, from::isOpen);
            }
        }
    }

    private Connected makeNewLink() throws ClientException {
        Time time = environment.time();
        long sinceNanos = time.nowNanos();
        Options.Retry retry = options.retry();
        RetryPolicy retryPolicy = RetryPolicy.until(retry.giveUpNanos(), retry.pinned());
        Reconnector reconnector = new Reconnector(connector, retryPolicy, backoff, retry.newSessionWhenGone(), time);
        SupervisorCallbacks callbacks = new SupervisorCallbacks();
        Connected found;
        try {
            callbacks.pause(retryPolicy.cap(backoff.nextNanos(), 0));
            found = reconnector.run(state, sinceNanos, callbacks);
        } catch (InterruptedException impossible) {
            throw new AssertionError("the supervisor's pauses are not interrupted", impossible);
        }
        state = found.state();
        become(Phase.LIVE);
        return found;
    }

    private void end(ClientException end) {
        ClientException why = closing ? closed() : end;
        boolean sessionGone = phase.isSessionGone() || why instanceof SessionGoneException;
        become(sessionGone ? Phase.ENDED_WITHOUT_SESSION : Phase.ENDED);
        wakeUp(true);
        sends.detach();
        int discarded = sends.end(why);
        receives.end(why);
        try {
            events.closed(state, why, discarded);
        } finally {
            over.countDown();
        }
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
        if (closing) {
            throw closed();
        }
    }

    private static ClientException closed() {
        return new ClientClosedException("this client was closed", null);
    }

    /** The supervisor's part in making a new link: it waits between attempts and can be woken by other threads. */
    private final class SupervisorCallbacks implements Reconnector.Callbacks {

        @Override
        public void dialing(Link next) throws ClientException {
            // The thread may come from a pool of the program's. An interrupt has no meaning here, and would close the
            // socket.
            Thread.interrupted();
            lock.lock();
            try {
                link = next;
            } finally {
                lock.unlock();
            }
            throwIfEnding();
        }

        @Override
        public void pause(long nanos) throws ClientException {
            Time time = environment.time();
            long startNanos = time.nowNanos();
            lock.lock();
            try {
                long leftNanos = nanos;
                while (leftNanos > 0 && !reconnectNow && !closing && bug == null) {
                    time.await(requested, leftNanos);
                    leftNanos = nanos - (time.nowNanos() - startNanos);
                }
                reconnectNow = false;
            } catch (InterruptedException e) {
                // An interrupt has no meaning here either: the wait only ends early.
            } finally {
                lock.unlock();
            }
            throwIfEnding();
        }

        @Override
        public void sessionGone() {
            become(Phase.REPLACING);
            takeoverDetector.reset();
            events.sessionGone(state, sends.clear());
        }
    }
}
