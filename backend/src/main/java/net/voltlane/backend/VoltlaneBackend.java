package net.voltlane.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.voltlane.tcp.Keepalive;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the firehoses of any number of connection servers, and hands what their clients send to one {@link Handler}.
 *
 * <pre>{@code
 * Handler echo = new Handler() {
 *     public void data(Session session, byte[] data) {
 *         session.send(data);
 *     }
 * };
 * try (VoltlaneBackend backend = VoltlaneBackend.listen("127.0.0.1:42001", echo)) {
 *     backend.awaitClosed();
 * }
 * }</pre>
 *
 * Safe for use by any thread.
 */
public final class VoltlaneBackend implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);
    private static final long MAX_TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MIN_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int TICKS_PER_TIMEOUT = 4;
    /** No busy machine is so late. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** For what is queued to go out and for servers to hang up; then again for the last handler calls. */
    private static final long CLOSE_SECS = 2;

    private final ServerSocketChannel listener;
    private final InetSocketAddress address;
    private final Shared shared;
    private final Places places;
    private final Threads threads;
    /** The clock thread's. */
    private boolean wasLate;

    private final VitalThreads vital;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch acceptorDone = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private VoltlaneBackend(ServerSocketChannel listener, Shared shared) throws IOException {
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalAddress();
        this.shared = shared;
        places = new Places(shared);
        threads = new Threads(shared.options().threads());
        vital = new VitalThreads(shared.calls(), this::beginClosing);
    }

    // ---- start and end

    /**
     * Listens from now on, with the default options.
     *
     * @param address {@code host:port}, such as {@code 127.0.0.1:42001} or {@code [::1]:42001}; port 0 takes a free one
     * @param handler what to do with packets
     * @return the backend, at work
     * @throws IllegalArgumentException if the address is not such a text
     * @throws IOException if it can't listen there
     */
    public static VoltlaneBackend listen(String address, Handler handler) throws IOException {
        return listen(address, handler, BackendOptions.DEFAULT);
    }

    /**
     * Listens from now on.
     *
     * @param address {@code host:port}, such as {@code 127.0.0.1:42001} or {@code [::1]:42001}; port 0 takes a free one
     * @param handler what to do with packets
     * @param options the rest
     * @return the backend, at work
     * @throws IllegalArgumentException if the address is not such a text
     * @throws IOException if it can't listen there
     */
    public static VoltlaneBackend listen(String address, Handler handler, BackendOptions options) throws IOException {
        return listen(ListenAddress.parse(address), handler, options);
    }

    /**
     * Listens from now on.
     *
     * @param address where; port 0 takes a free one
     * @param handler what to do with packets
     * @param options the rest
     * @return the backend, at work
     * @throws IOException if it can't listen there
     */
    public static VoltlaneBackend listen(InetSocketAddress address, Handler handler, BackendOptions options)
            throws IOException {
        return listen(address, handler, options, Environment.REAL);
    }

    static VoltlaneBackend listen(
            InetSocketAddress address, Handler handler, BackendOptions options, Environment surroundings)
            throws IOException {
        ServerSocketChannel listener = ListenSocket.at(address);
        try {
            VoltlaneBackend backend = new VoltlaneBackend(listener, Shared.of(handler, options, surroundings));
            backend.start();
            return backend;
        } catch (IOException | RuntimeException | Error e) {
            listener.close();
            throw e;
        }
    }

    /**
     * All threads or none. The one that accepts comes last, so that nothing is attached to a backend that fails to
     * start.
     */
    private void start() {
        try {
            threads.start("voltlane-backend-events", vital.task(shared.events()::run));
            threads.start("voltlane-backend-clock", this::watch);
            threads.start("voltlane-backend-accept", vital.task(this::accept));
        } catch (RuntimeException | Error e) {
            acceptorDone.countDown();
            closing.countDown();
            shared.events().close();
            throw e;
        }
    }

    /**
     * Stops listening, lets what was sent go out, and closes every firehose. Sessions do not end by this: they wait at
     * their servers for the next backend. From now on nothing can be sent.
     *
     * <p>Returns when all of that is done and the last handler call is over, or after four seconds if a server does not
     * read or a handler does not return. Called by a handler it returns at once, and so it does when interrupted. A
     * second call only waits.
     */
    @Override
    public void close() {
        beginClosing();
        if (!threads.areCalling()) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void beginClosing() {
        closing.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            log.debug("Failed to close the listening socket", e);
        }
        shared.directory().close();
        shared.directory().running().forEach(Firehose::finish);
    }

    /**
     * Waits until somebody has closed this backend.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws IllegalStateException if nobody has: one of its own threads died (of a lack of memory, say), and so it
     *     closed itself; the cause is what the thread died of, which {@link Handler#failed} was told as well
     */
    public void awaitClosed() throws InterruptedException {
        closed.await();
        vital.throwIfDead();
    }

    // ---- what there is

    /**
     * Where it listens.
     *
     * @return with the port that it really has
     */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * The firehoses that are attached.
     *
     * @return a copy, the oldest first
     */
    public List<Firehose> firehoses() {
        return shared.directory().attached();
    }

    /**
     * All sessions that have started and not ended, those that are {@linkplain Session#isAway() away} included.
     *
     * @return a copy, in no order
     */
    public List<Session> sessions() {
        return shared.directory().all();
    }

    /**
     * A session by its id; with several servers attached {@link Firehose#session} is the exact question.
     *
     * @param id as in {@link Session#id()}
     * @return of the newest firehose that has one; null if none has
     */
    public @Nullable Session session(long id) {
        return shared.directory().get(id);
    }

    /**
     * What was counted so far.
     *
     * @return a snapshot
     */
    public BackendStats stats() {
        return shared.directory().stats();
    }

    // ---- to many

    /**
     * Sends one packet to many sessions, as {@link Session#send(byte[])} does to each: it waits for a firehose that is
     * full.
     *
     * @param sessions who is to get it, on any firehoses
     * @param data copied
     * @return to how many of them it was sent
     * @throws IllegalArgumentException if {@code data} is longer than {@link BackendOptions#maxFrameBytes()} allows
     */
    public int send(Collection<Session> sessions, byte[] data) {
        int sent = 0;
        for (Session session : sessions) {
            if (session.send(data)) {
                sent++;
            }
        }
        return sent;
    }

    /**
     * Sends one packet to many sessions, as {@link Session#trySend(byte[])} does to each: those whose firehose is full
     * are left out.
     *
     * @param sessions who is to get it, on any firehoses
     * @param data copied
     * @return to how many of them it was sent
     * @throws IllegalArgumentException if {@code data} is longer than {@link BackendOptions#maxFrameBytes()} allows
     */
    public int trySend(Collection<Session> sessions, byte[] data) {
        int sent = 0;
        for (Session session : sessions) {
            if (session.trySend(data)) {
                sent++;
            }
        }
        return sent;
    }

    // ---- the threads

    private void accept() {
        long accepted = 0;
        try {
            while (listener.isOpen()) {
                accept(++accepted);
            }
        } finally {
            acceptorDone.countDown();
        }
    }

    private void accept(long number) {
        try {
            attach(listener.accept(), number);
        } catch (RuntimeException | Error e) {
            log.error("Failed to take a connection server's link; waiting for the next", e);
            OwnThread.await(closing, ACCEPT_PAUSE_NANOS);
        } catch (IOException e) {
            // Closed; or a peer left before it was accepted; or files ran out, which time may heal.
            log.debug("Failed to accept a connection; trying again", e);
            OwnThread.await(closing, ACCEPT_PAUSE_NANOS);
        }
    }

    private void attach(SocketChannel channel, long number) throws IOException {
        if (!places.admit((InetSocketAddress) channel.getRemoteAddress())) {
            channel.close();
            return;
        }
        Firehose firehose;
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Keepalive.set(channel, shared.options().peerTimeout().toNanos());
            firehose = new Firehose(number, channel, shared);
            shared.directory().add(firehose);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
        firehose.start(threads);
        if (closing.getCount() == 0) {
            firehose.finish(); // close() may have looked just before it was there
        }
    }

    /** The clock, and at the end the one who waits for the others. */
    private void watch() {
        try {
            vital.task(this::keepTime).run();
        } finally {
            try {
                beginClosing(); // again: who began it may have died of it
                OwnThread.await(acceptorDone); // until then the kernel takes connections
                awaitFirehoses();
                shared.directory().running().forEach(firehose -> firehose.lose("the backend was closed"));
                awaitFirehoses();
            } finally {
                shared.events().close();
                closed.countDown();
            }
        }
    }

    private void keepTime() {
        long tickNanos = Math.min(
                MAX_TICK_NANOS,
                Math.max(MIN_TICK_NANOS, shared.options().peerTimeout().toNanos() / TICKS_PER_TIMEOUT));
        long before = shared.nanoTime();
        while (!OwnThread.await(closing, tickNanos)) {
            long now = shared.nanoTime();
            if (shared.surroundings().ticking()) {
                tick(now - before - tickNanos);
            }
            before = now;
        }
    }

    /**
     * The same, but for a tick that comes much too late: this process was stopped. Then the other threads first have to
     * read what came meanwhile, and whoever waits for a server waits for so much longer.
     */
    void tick(long lateNanos) {
        wasLate = lateNanos > LATE_NANOS && !wasLate; // not twice in a row: overload is no reason to keep all for ever
        if (wasLate) {
            shared.directory().postpone(lateNanos);
        } else {
            tick();
        }
    }

    /** What depends on time. */
    void tick() {
        long now = shared.nanoTime();
        for (Firehose firehose : shared.directory().attached()) {
            firehose.checkProgress(now);
        }
        shared.directory()
                .expire(now, orphan -> shared.events().add(() -> shared.calls().ended(orphan, EndReason.ORPHANED)));
    }

    private void awaitFirehoses() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECS);
        for (Firehose firehose : shared.directory().running()) {
            firehose.awaitEnd(deadline - System.nanoTime());
        }
    }
}
