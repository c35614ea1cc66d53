package net.voltlane.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.voltlane.client.ConnectionSupervisor.Queues;
import net.voltlane.client.SendStore.Ending;

/**
 * The end of a client at the program's wish. A session of version 2 sends what waits, if it has a link, and ends the
 * link. A session of version 3 stays as it is until everything is acknowledged or the time for it is over, resumes if it
 * has to, and then ends. Thread-safe.
 */
final class Closing {

    /**
     * The time in which the client ends after its link was closed. Only a callback that does not return, or the look-up
     * of a name, can take longer.
     */
    private static final long GRACE_NANOS = 1_000_000_000L;

    /**
     * The way to end.
     *
     * @param ending whether the session ends too
     * @param acknowledgements whether to wait for them
     * @param live whether there is a link
     * @param callback whether the caller runs in a callback
     */
    record How(Ending ending, boolean acknowledgements, boolean live, boolean callback) {}

    private final Queues queues;
    private final Wakeup wakeup;
    private final long closeNanos;
    private final CountDownLatch over = new CountDownLatch(1);

    /** True if the client has to end at once. */
    private volatile boolean now;
    /** True if the client has to end as soon as everything is acknowledged. */
    private volatile boolean finishing;
    /** True if packets that are not acknowledged go on in an exported state. */
    private volatile boolean exportsPackets;

    /** @param closeNanos how long to wait for what has to be sent or acknowledged */
    Closing(Queues queues, Wakeup wakeup, long closeNanos) {
        this.queues = queues;
        this.wakeup = wakeup;
        this.closeNanos = closeNanos;
    }

    static ClientException closed() {
        return new ClientClosedException("this client was closed", null);
    }

    /** Tells whether the client has to end at once. */
    boolean isNow() {
        return now;
    }

    /** Tells whether the client has to end, perhaps not at once. */
    boolean isRequested() {
        return now || finishing;
    }

    /** Tells whether packets that are not acknowledged are not lost, but go on in an exported state. */
    boolean isExportingPackets() {
        return exportsPackets;
    }

    /** Called when the client has ended. */
    void over() {
        over.countDown();
    }

    /**
     * Ends the client and waits until it has ended. Called from a callback it does not wait, as the end has to wait for
     * the callback to return.
     *
     * <p>Only the first call says how.
     */
    void request(How how, SessionProtocol session) {
        boolean live = how.live();
        if (!how.acknowledgements() && session.version() == Protocol.V3) {
            exportsPackets = true;
        }
        boolean waits =
                how.acknowledgements() && session.version() == Protocol.V3 && (live || session.unacknowledged() > 0);
        if (waits) {
            finishing = true;
        } else {
            now = true;
            session.endNow();
        }
        ClientException why = closed();
        queues.sends().finish(why, how.ending());
        queues.receives().end(why);
        // A live link first sends the packets that wait and is then shut down, which wakes the thread.
        wakeup.wake(!waits && !live);
        if (waits && !live) {
            wakeup.hurry(); // a long wait between two attempts would use up the time
        }
        if (how.callback() && waits) {
            later(closeNanos, session::endNow);
            later(closeNanos + GRACE_NANOS / 2, this::endNow);
        } else if (!how.callback() && !isOverWithin(closeNanos)) {
            if (waits) {
                session.endNow();
                isOverWithin(GRACE_NANOS / 2);
            }
            endNow();
            isOverWithin(GRACE_NANOS);
        }
    }

    /** Waits until the client has ended, for a limited time. An interrupt does not end the wait, and stays set. */
    void awaitEnd() {
        boolean interrupted = Thread.interrupted();
        boolean ended = isOverWithin(GRACE_NANOS);
        if (!ended && Thread.interrupted()) {
            interrupted = true;
            isOverWithin(GRACE_NANOS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void endNow() {
        now = true;
        wakeup.wake(true);
    }

    private static void later(long nanos, Runnable what) {
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(what);
    }

    private boolean isOverWithin(long nanos) {
        try {
            return over.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
