package net.voltlane.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend. It accepts the firehoses of any number of connection servers, and hands the packets of their clients to
 * one {@link Handler}.
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
 * Thread-safe.
 */
public final class VoltlaneBackend implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VoltlaneBackend.class);
    private static final long MAX_TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MIN_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int TICKS_PER_TIMEOUT = 4;
    /** The delay of a tick that means that this process was stopped. No busy machine is so late. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long ACCEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** The time for queued packets to go out and for servers to hang up, and once more for the last handler calls. */
    private static final long CLOSE_SECS = 2;

    private final LinkListener listener;
    private final BackendContext context;
    private final FirehoseAdmission admission;
    private final Threads threads;
    /** True if the last tick was much too late. For the clock's thread. */
    private boolean wasLate;

    private final CriticalThreads criticalThreads;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch acceptorDone = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private VoltlaneBackend(LinkListener listener, BackendContext context) {
        this.listener = listener;
        this.context = context;
        admission = new FirehoseAdmission(context);
        threads = new Threads(context.options().threads());
        criticalThreads = new CriticalThreads(context.calls(), this::beginClosing);
    }

    // ---- start and end

    /**
     * Starts a backend with the default options.
     *
     * @param address {@code host:port}, such as {@code 127.0.0.1:42001} or {@code [::1]:42001}; port 0 takes a free one.
     *     Or {@code unix:/path}, a Unix socket, with the permissions that the process's umask leaves
     * @param handler is called for each packet
     * @return the running backend
     * @throws IllegalArgumentException if {@code address} is not of that form
     * @throws IOException if the backend can't listen at that address
     */
    public static VoltlaneBackend listen(String address, Handler handler) throws IOException {
        return listen(address, handler, BackendOptions.DEFAULT);
    }

    /**
     * Starts a backend.
     *
     * @param address {@code host:port}, such as {@code 127.0.0.1:42001} or {@code [::1]:42001}; port 0 takes a free one.
     *     Or {@code unix:/path}, a Unix socket, with the permissions that the process's umask leaves
     * @param handler is called for each packet
     * @param options all other settings
     * @return the running backend
     * @throws IllegalArgumentException if {@code address} is not of that form
     * @throws IOException if the backend can't listen at that address
     */
    public static VoltlaneBackend listen(String address, Handler handler, BackendOptions options) throws IOException {
        return listen(LinkListener.at(address, options), handler, options, Environment.SYSTEM);
    }

    /**
     * Starts a backend.
     *
     * @param address the address to listen at; port 0 takes a free one
     * @param handler is called for each packet
     * @param options all other settings
     * @return the running backend
     * @throws IOException if the backend can't listen at that address
     */
    public static VoltlaneBackend listen(InetSocketAddress address, Handler handler, BackendOptions options)
            throws IOException {
        return listen(address, handler, options, Environment.SYSTEM);
    }

    static VoltlaneBackend listen(
            InetSocketAddress address, Handler handler, BackendOptions options, Environment environment)
            throws IOException {
        return listen(LinkListener.at(address, options), handler, options, environment);
    }

    private static VoltlaneBackend listen(
            LinkListener listener, Handler handler, BackendOptions options, Environment environment)
            throws IOException {
        try {
            VoltlaneBackend backend = new VoltlaneBackend(listener, BackendContext.of(handler, options, environment));
            backend.start();
            return backend;
        } catch (RuntimeException | Error e) {
            listener.close();
            throw e;
        }
    }

    /**
     * Starts all threads, or none. The acceptor starts last, so that no firehose is attached to a backend that fails to
     * start.
     */
    private void start() {
        try {
            threads.start("voltlane-backend-events", criticalThreads.task(context.events()::run));
            threads.start("voltlane-backend-clock", this::runClock);
            threads.start("voltlane-backend-accept", criticalThreads.task(this::accept));
        } catch (RuntimeException | Error e) {
            acceptorDone.countDown();
            closing.countDown();
            context.events().close();
            throw e;
        }
    }

    /**
     * Stops listening, lets the packets go out that were sent, and closes every firehose. Sessions do not end: they
     * wait at their connection servers for the next backend. After this call nothing can be sent.
     *
     * <p>Returns when all of that is done and the last handler call has returned, or after four seconds if a server
     * does not read or a handler does not return. Called from a handler, or when interrupted, it returns at once. A
     * second call only waits.
     */
    @Override
    public void close() {
        beginClosing();
        if (!threads.includeCaller()) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void beginClosing() {
        closing.countDown();
        listener.close();
        context.directory().close();
        context.servers().close();
        context.directory().running().forEach(Firehose::finish);
    }

    /**
     * Waits until this backend is closed.
     *
     * @throws InterruptedException if the waiting thread is interrupted
     * @throws IllegalStateException if the backend has closed itself because one of its own threads died, for example
     *     of a lack of memory. The cause is the error that killed the thread; {@link Handler#failed} was told about it
     *     too
     */
    public void awaitClosed() throws InterruptedException {
        closed.await();
        criticalThreads.throwIfDead();
    }

    // ---- addresses, firehoses, sessions, counts

    /**
     * Returns the address at which this backend listens.
     *
     * @return the address with the actual port; of a Unix socket an unresolved one, whose host is the path
     */
    public InetSocketAddress address() {
        return listener.address();
    }

    /**
     * Returns the firehoses that are attached.
     *
     * @return a copy, the oldest first
     */
    public List<Firehose> firehoses() {
        return context.directory().attached().stream()
                .filter(Firehose::isEstablished)
                .toList();
    }

    /**
     * Returns all sessions that have started and not ended, including those that are {@linkplain Session#isAway()
     * away}.
     *
     * @return a copy, in no order
     */
    public List<Session> sessions() {
        return context.directory().all();
    }

    /**
     * Returns a session by its id. With several servers attached, {@link Firehose#session} is exact.
     *
     * @param id as in {@link Session#id()}
     * @return the session of the newest firehose that has one with this id; null if none has
     */
    public @Nullable Session session(long id) {
        return context.directory().get(id);
    }

    /**
     * Returns the counts so far.
     *
     * @return a snapshot
     */
    public BackendStats stats() {
        return context.directory().stats();
    }

    /** Returns how many servers that speak firehose 3 are remembered. */
    int knownServers() {
        return context.servers().size();
    }

    // ---- sending to many sessions

    /**
     * Sends one packet to many sessions, to each as {@link Session#send(byte[])} does: it waits while a firehose's send
     * buffer is full.
     *
     * @param sessions the sessions, of any firehoses
     * @param data copied
     * @return the number of sessions to which it was sent
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
     * Sends one packet to many sessions, to each as {@link Session#trySend(byte[])} does: sessions whose firehose has a
     * full send buffer are left out.
     *
     * @param sessions the sessions, of any firehoses
     * @param data copied
     * @return the number of sessions to which it was sent
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
            Uninterruptibly.await(closing, ACCEPT_PAUSE_NANOS);
        } catch (IOException e) {
            // The listener was closed, or a peer has left before it was accepted, or this process has too many open
            // files, which may pass.
            log.debug("Failed to accept a connection; trying again", e);
            Uninterruptibly.await(closing, ACCEPT_PAUSE_NANOS);
        }
    }

    private void attach(LinkSocket socket, long number) throws IOException {
        Firehose firehose;
        try {
            if (!admission.admit(socket.peer())) {
                socket.close();
                return;
            }
            firehose = new Firehose(number, socket, context);
            context.directory().add(firehose);
        } catch (RuntimeException | Error e) {
            socket.close();
            throw e;
        }
        firehose.start(threads);
        if (closing.getCount() == 0) {
            firehose.finish(); // close() may have looked just before this firehose was added
        }
    }

    /** The clock's thread. When the backend closes, it waits for all other threads. */
    private void runClock() {
        try {
            criticalThreads.task(this::keepTime).run();
        } finally {
            try {
                beginClosing(); // again, as the thread that began closing may have died of it
                Uninterruptibly.await(acceptorDone); // until then the kernel accepts connections
                awaitFirehoses();
                context.directory().running().forEach(firehose -> firehose.lose("the backend was closed"));
                awaitFirehoses();
            } finally {
                context.events().close();
                closed.countDown();
            }
        }
    }

    private void keepTime() {
        long tickNanos = Math.min(
                MAX_TICK_NANOS,
                Math.max(MIN_TICK_NANOS, context.options().peerTimeout().toNanos() / TICKS_PER_TIMEOUT));
        long before = context.nanoTime();
        while (!Uninterruptibly.await(closing, tickNanos)) {
            long now = context.nanoTime();
            if (context.environment().ticking()) {
                tick(now - before - tickNanos);
            }
            before = now;
        }
    }

    /**
     * Ticks, unless this tick is much too late, which means that this process was stopped. In that case the other
     * threads first have to read what came meanwhile, so the time that sessions wait for a server is extended by the
     * delay.
     */
    void tick(long lateNanos) {
        // Not twice in a row, so that overload can't keep sessions for ever.
        wasLate = lateNanos > LATE_NANOS && !wasLate;
        if (wasLate) {
            context.directory().postpone(lateNanos);
            long now = context.nanoTime();
            context.directory()
                    .attached()
                    .forEach(firehose -> firehose.version().excuseSilence(now));
        } else {
            tick();
        }
    }

    /**
     * Does all work that depends on time: cuts firehoses that are stuck, and ends sessions that have waited too long.
     */
    void tick() {
        long now = context.nanoTime();
        for (Firehose firehose : context.directory().attached()) {
            firehose.checkProgress(now);
        }
        context.directory()
                .expire(
                        now,
                        (orphan, reason) ->
                                context.events().add(() -> context.calls().ended(orphan, reason)));
        context.servers().prune(now);
    }

    private void awaitFirehoses() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECS);
        for (Firehose firehose : context.directory().running()) {
            firehose.awaitEnd(deadline - System.nanoTime());
        }
    }
}
