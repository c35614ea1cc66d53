package net.voltlane.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A link with one connection server. When a server dials again, the new link is another firehose.
 *
 * <pre>
 *           finish()               lose()          last handler call returns
 *   OPEN --------------&gt; FINISHING --------&gt; LOST ---------------------------&gt; RELEASED
 *     |                                        ^
 *     +---------------- lose() ----------------+
 *
 *   OPEN       received packets go to the handler
 *   FINISHING  queued packets go out, and received packets are dropped
 *   LOST       the link is closed, and both threads end
 *   RELEASED   another firehose may take its sessions over
 * </pre>
 *
 * <p>Thread-safe. A firehose has two threads of its own, one for each direction, so that neither waits for the other.
 * The reader calls the handler, and the writer empties the {@link Outbox}.
 */
public final class Firehose {
    private static final String FAULT = "a fault of this backend's own";

    private final long number;
    private final LinkSocket socket;
    private final InetSocketAddress peer;
    private final SourceHost host;
    private final BackendContext context;
    private final Outbox outbox;
    private final FirehoseWriter writer;
    private final Version2 version2;
    private volatile FirehoseVersion version;
    private final HeldSessions held = new HeldSessions(this);

    /** The thread that reads this firehose, once it runs. */
    private volatile @Nullable Thread reader;

    private final AtomicReference<@Nullable String> lossReason = new AtomicReference<>();
    private final CountDownLatch writerDone = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean finishing;
    /** True if a call of {@link Handler#writable} is queued. */
    private final AtomicBoolean writableQueued = new AtomicBoolean();

    private final ReadRecord readings = new ReadRecord();

    private final LinkWatch watch;
    /** True once the application knows of this firehose. Written by the reader. */
    private volatile boolean established;

    Firehose(long number, LinkSocket socket, BackendContext context) {
        this.number = number;
        this.socket = socket;
        this.peer = SourceHost.inet(socket.peer());
        this.host = SourceHost.of(peer.getAddress());
        this.watch = new LinkWatch(
                socket, context.nanoTime(), context.options().peerTimeout().toNanos());
        this.context = context;
        this.outbox = new Outbox(
                context.options().sendBufferBytes(),
                context.environment().chunkBytes(),
                context.environment().nanoClock());
        this.version2 = new Version2(this, context, outbox);
        this.version = version2;
        this.writer = new FirehoseWriter(this, socket);
    }

    // ---- for the application

    /**
     * Returns the ordinal of this firehose, counted in the order of acceptance.
     *
     * @return 1 for the first
     */
    public long number() {
        return number;
    }

    /**
     * Returns the address from which the server has dialled.
     *
     * @return its host and ephemeral port; 127.0.0.1 and port 0 on a Unix socket
     */
    public InetSocketAddress peer() {
        return peer;
    }

    /**
     * Returns the certificates by which the server has proved who it is. There are some only if this backend {@linkplain
     * BackendTls#requireClientCertificates() requires} them; they are verified then.
     *
     * @return the server's own certificate first; empty if it has none
     */
    public List<X509Certificate> peerCertificates() {
        return socket.peerCertificates();
    }

    /**
     * Tells whether the link is up, as far as this backend knows.
     *
     * @return false for ever once the link is lost
     */
    public boolean isOpen() {
        return !isLost();
    }

    /**
     * Tells whether a small packet could be sent without waiting.
     *
     * @return false while the send buffer is full, after a refusal until half of the buffer is free, and when the link
     *     is lost
     */
    public boolean isWritable() {
        return version.isWritable();
    }

    /**
     * Returns the number of bytes that wait to be sent to the server, or on a firehose 3 to be acknowledged by it.
     *
     * @return bytes, tags included; seldom more than {@link BackendOptions#sendBufferBytes()}
     */
    public long queuedBytes() {
        return version.queuedBytes();
    }

    /**
     * Returns a session of this server by its id.
     *
     * @param id as in {@link Session#id()}
     * @return the session; null if this backend knows none with this id
     */
    public @Nullable Session session(long id) {
        return context.directory().get(this, id);
    }

    /**
     * Returns the sessions of this server; after the link was lost, those that still wait for a new firehose.
     *
     * @return a copy, in no order
     */
    public List<Session> sessions() {
        return context.directory().of(this);
    }

    /**
     * Cuts the link. Its server will dial again, and its sessions wait for that. Does nothing if the link is lost
     * already.
     */
    public void close() {
        lose("closed by the application");
    }

    /**
     * Returns the version of the protocol that the server speaks on this link.
     *
     * @return 3 once the server has said so with its first packet, 2 otherwise
     */
    public int protocol() {
        return version.number();
    }

    /**
     * Returns the name of the server's process, which changes when the server is restarted. Together with it, the id of a
     * session is unique: a backend that stores its state may use both as a key.
     *
     * @return 32 hexadecimal digits; empty on a firehose 2, which has no such name
     */
    public String serverInstance() {
        return version.serverName();
    }

    /** Returns a text for logs. */
    @Override
    public String toString() {
        return "firehose " + number + " from " + SourceHost.text(peer);
    }

    // ---- from start to end

    /** Starts both threads. If a thread can't be started, the link is lost. */
    void start(Threads threads) {
        try {
            threads.start("voltlane-firehose-" + number + "-writer", this::write);
            threads.start("voltlane-firehose-" + number, this::read);
        } catch (RuntimeException | Error e) {
            lose("no thread could be started");
            context.directory().detach(this);
            context.directory().release(this, context.nanoTime());
            finished.countDown();
            throw e;
        }
    }

    private void read() {
        String reason = FAULT;
        reader = Thread.currentThread();
        try {
            socket.open();
            established = true;
            context.calls().attached(this);
            reason = new FirehoseReader(this, socket, context).run();
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
            if (!established && !finishing) {
                context.handshakeFailed(this, isLost() ? reason() : reason);
            }
        } catch (RuntimeException | Error e) {
            reason = FAULT + ": " + e;
            throw e;
        } finally {
            lose(reason);
            Uninterruptibly.await(writerDone);
            end();
        }
    }

    /** Ends this firehose. A step is done even if the one before has failed, as others wait for the last step. */
    private void end() {
        try {
            context.directory().detach(this);
        } finally {
            try {
                if (established) {
                    context.calls().detached(this, reason());
                }
            } finally {
                context.directory().release(this, context.nanoTime());
                finished.countDown();
            }
        }
    }

    private void write() {
        try {
            writer.run(version2);
        } catch (IOException e) {
            lose(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            lose("its thread was interrupted");
        } catch (RuntimeException | Error e) {
            lose(FAULT + ": " + e); // the reader waits for this thread, and the server for what it writes
            throw e;
        } finally {
            writerDone.countDown();
        }
    }

    /** Queues a call of {@link Handler#writable}, unless one is queued already. */
    void tellWritable() {
        if (writableQueued.compareAndSet(false, true)) {
            context.events().add(() -> {
                writableQueued.set(false);
                context.calls().writable(this);
            });
        }
    }

    /** Ends the link, for the first reason given. Both threads end soon. Returns false if it had ended before. */
    boolean lose(String reason) {
        if (!lossReason.compareAndSet(null, reason)) {
            return false;
        }
        outbox.breakOff(); // the writer may not have gone on with another version
        version.breakOff();
        try {
            socket.close();
        } catch (IOException e) {
            // nothing can be done about it
        }
        return true;
    }

    /**
     * Begins an orderly end: queued packets go out and received packets are dropped, until the server closes its side.
     */
    void finish() {
        finishing = true;
        version.finish();
    }

    boolean isFinishing() {
        return finishing;
    }

    /** Cuts a link that has taken nothing for too long, or whose peer has vanished. For the clock's thread. */
    void checkProgress(long nowNanos) {
        String due = established ? version.check(nowNanos) : watch.checkHandshake(nowNanos);
        if (due == null) {
            due = watch.checkPeer(
                    nowNanos, writer.isWriting(), context.environment().kernel());
        }
        if (due != null) {
            lose(due);
        }
    }

    static String seconds(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    /** The record of what was received. */
    ReadRecord readings() {
        return readings;
    }

    /** Tells whether the peer has done what has to be done before the first packet. */
    boolean isEstablished() {
        return established;
    }

    SourceHost host() {
        return host;
    }

    boolean isReader() {
        return Thread.currentThread() == reader;
    }

    /** Waits until both threads have ended. For the backend's own threads. */
    boolean awaitEnd(long nanos) {
        return Uninterruptibly.await(finished, nanos);
    }

    private String reason() {
        String reason = lossReason.get();
        return reason == null ? "" : reason;
    }

    /** Speaks another version from now on, as the first packet has said so. For the reader. */
    void speaks(FirehoseVersion next) {
        assert isReader();
        version = next;
    }

    /** Lets the writer go on with the other version, as that has something to write. */
    void writesOn() {
        outbox.finish();
        if (finishing) {
            version.finish();
        }
        if (isLost()) {
            version.breakOff();
        }
    }

    // ---- for the directory

    FirehoseVersion version() {
        return version;
    }

    /** Returns the queue of version 2. */
    Outbox outbox() {
        return outbox;
    }

    /** Returns the sessions that this firehose has. */
    HeldSessions held() {
        return held;
    }

    boolean isLost() {
        return lossReason.get() != null;
    }
}
