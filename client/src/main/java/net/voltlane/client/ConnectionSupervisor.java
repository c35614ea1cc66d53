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
 * Keeps a session on a link. One thread does all of it, one thing after the other: it reads, sees the link end, closes
 * it, waits, dials, greets, and reads again; and it calls the program's callbacks. So there is never a new link before
 * the old one is closed, and never a doubt about the order of events.
 *
 * <pre>
 *   LIVE ---- link lost ----> AWAY ---- link made, by a resume or for a new session ----> LIVE
 *   LIVE, AWAY ---- close(), or no way back ----> OVER
 * </pre>
 *
 * What other threads ask for (close, reconnect) they leave in a field, and then rouse the thread from whatever it waits
 * for: by signalling its condition, or by closing its link.
 */
final class ConnectionSupervisor implements Runnable {

    /** Only a callback that does not return, or a look-up of a name, can hold the end up after the link was closed. */
    private static final long GRACE_NANOS = 1_000_000_000L;

    private final Options options;
    private final Connector connector;
    private final Environment surroundings;
    private final SendQueue sends;
    private final ReceiveQueue receives;
    private final Events events;
    private final Backoff backoff;
    private final TakeoverDetector rivalry = new TakeoverDetector();
    private final Connected first;
    private final CountDownLatch over = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wish = lock.newCondition();

    /** Guarded by the lock: what can be closed to rouse the thread from its socket. */
    private Link link;
    /** Guarded by the lock: whether a new link is wanted at once. */
    private boolean hurry;

    // Written by the keeper's thread alone.
    private volatile SessionState state;
    private volatile boolean live = true;
    private volatile boolean gone;
    private volatile @Nullable Thread thread;

    // Written by others.
    private volatile boolean closing;
    private volatile @Nullable Throwable bug;

    ConnectionSupervisor(
            Options options,
            Connector connector,
            Environment surroundings,
            SendQueue sends,
            ReceiveQueue receives,
            Events events,
            Backoff backoff,
            Connected first) {
        this.options = options;
        this.connector = connector;
        this.surroundings = surroundings;
        this.sends = sends;
        this.receives = receives;
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

    /** Whether the server has let the session go. */
    boolean isGone() {
        return gone;
    }

    boolean isLive() {
        return live && !closing;
    }

    /**
     * Whether the caller is this keeper, in a callback: then it must not wait for what only the keeper can bring about.
     */
    boolean isCallback() {
        return Thread.currentThread() == thread;
    }

    /** Gives the present link up, or the present wait, and dials at once. */
    void reconnect() {
        if (!closing) {
            lock.lock();
            try {
                hurry = true;
            } finally {
                lock.unlock();
            }
            rouse(true);
        }
    }

    /** Ends it all. Waits until it has ended, unless called from a callback, which the end has to wait for. */
    void close() {
        closing = true;
        ClientException why = closed();
        sends.finish(why);
        receives.end(why);
        // A live link first takes what waits, and says goodbye; its end then rouses the thread.
        rouse(!live);
        if (!isCallback() && !isOverWithin(options.timeouts().closeNanos())) {
            rouse(true);
            isOverWithin(GRACE_NANOS);
        }
    }

    /** Something happened that never should. */
    void fail(Throwable what) {
        bug = what;
        rouse(true);
    }

    /** Closes a link, so that the thread has done with it, even if it waits for room for what came by it. */
    void cut(Link what) {
        what.close();
        receives.linkClosed();
    }

    /** Makes the thread look up from what it waits for. */
    private void rouse(boolean cutLink) {
        lock.lock();
        try {
            wish.signal();
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

    // ---- the thread

    @Override
    public void run() {
        thread = Thread.currentThread();
        ClientException end;
        try {
            end = keep();
        } catch (RuntimeException | Error e) {
            end = new ClientFailedException("the client failed: " + e, e);
        }
        end(end);
    }

    /** Returns why it is over. */
    private ClientException keep() {
        try {
            Connected now = first;
            long sinceNanos = surroundings.time().nowNanos();
            attach(now.link());
            events.connected(state, now.isNew());
            while (true) {
                events.suspended(state, useUp(now.link(), sinceNanos));
                now = comeBack();
                sinceNanos = surroundings.time().nowNanos();
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
        fresh.watch(new LinkMonitor(fresh, options.timeouts().peerNanos(), this::cut));
        sends.attach(fresh);
    }

    /** Reads from a link until it ends; returns why. It is closed then, and the writer has let go of it. */
    private IOException useUp(Link used, long sinceNanos) throws ClientException {
        IOException cause = null;
        try {
            deliver(used);
        } catch (ClientException violation) {
            throw violation;
        } catch (IOException e) {
            cause = used.isOpen() ? e : new IOException(used.givenUpBecause(), e);
        } finally {
            used.close();
            sends.detach();
        }
        live = false;
        throwIfOver();
        long livedNanos = surroundings.time().nowNanos() - sinceNanos;
        backoff.linkLived(livedNanos);
        rivalry.linkEnded(cause == null, livedNanos);
        return cause == null ? new EOFException("the server closed the link") : cause;
    }

    /** Returns when the server has ended the link in good order. */
    private void deliver(Link from) throws IOException {
        PacketHandler onData = options.onData();
        boolean leaving = false;
        while (true) {
            if (closing && !leaving) {
                // Goes on until the server's FIN, within limits: input left unread would turn the end of the link into
                // a
                // reset, which may destroy what was just sent.
                leaving = true;
                from.bound(options.timeouts().closeNanos());
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

    private Connected comeBack() throws ClientException {
        Time time = surroundings.time();
        long sinceNanos = time.nowNanos();
        Options.Retry retry = options.retry();
        RetryPolicy patience = RetryPolicy.until(retry.giveUpNanos(), retry.pinned());
        Reconnector comeback = new Reconnector(connector, patience, backoff, retry.newSessionWhenGone(), time);
        Away away = new Away();
        Connected found;
        try {
            away.pause(patience.cap(backoff.nextNanos(), 0));
            found = comeback.run(state, sinceNanos, away);
        } catch (InterruptedException impossible) {
            throw new AssertionError("this host's pauses are not interrupted", impossible);
        }
        state = found.state();
        gone = false;
        live = true;
        return found;
    }

    private void end(ClientException end) {
        ClientException why = closing ? closed() : end;
        live = false;
        gone |= why instanceof SessionGoneException;
        rouse(true);
        sends.detach();
        int discarded = sends.end(why);
        receives.end(why);
        try {
            events.closed(state, why, discarded);
        } finally {
            over.countDown();
        }
    }

    private void throwIfOver() throws ClientException {
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

    /** What the keeper does between two attempts. */
    private final class Away implements Reconnector.Host {

        @Override
        public void dialing(Link next) throws ClientException {
            // An interrupt has no meaning here, and would close the socket: this thread may come from somebody's pool.
            Thread.interrupted();
            lock.lock();
            try {
                link = next;
            } finally {
                lock.unlock();
            }
            throwIfOver();
        }

        @Override
        public void pause(long nanos) throws ClientException {
            Time time = surroundings.time();
            long startNanos = time.nowNanos();
            lock.lock();
            try {
                long leftNanos = nanos;
                while (leftNanos > 0 && !hurry && !closing && bug == null) {
                    time.await(wish, leftNanos);
                    leftNanos = nanos - (time.nowNanos() - startNanos);
                }
                hurry = false;
            } catch (InterruptedException e) {
                // As above: the wait is over early, that is all.
            } finally {
                lock.unlock();
            }
            throwIfOver();
        }

        @Override
        public void sessionGone() {
            gone = true;
            rivalry.reset();
            events.sessionGone(state, sends.clear());
        }
    }
}
