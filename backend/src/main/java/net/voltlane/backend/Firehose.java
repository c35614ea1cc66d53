package net.voltlane.backend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import net.voltlane.protocol.Flag;
import net.voltlane.tcp.AddressPair;
import net.voltlane.tcp.DeadPeerDetector;
import net.voltlane.tcp.DeadPeerDetector.Traffic;
import org.jspecify.annotations.Nullable;

/**
 * One link with a connection server. When a server dials anew, that is another firehose.
 *
 * <p>Safe for use by any thread. Inside there are two, one for each direction, so that neither waits for the other: the
 * reader calls the handler, the writer empties the {@link Outbox}.
 */
public final class Firehose {
    private static final String FAULT = "a fault of this backend's own";

    private final long number;
    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private final Host host;
    private final Shared shared;
    private final Outbox outbox;
    private final SessionTable table = new SessionTable();
    private final AtomicReference<@Nullable String> lostBecause = new AtomicReference<>();
    private final CountDownLatch writerDone = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean finishing;
    private volatile boolean overdue;
    private final AtomicBoolean telling = new AtomicBoolean();
    private volatile long readBeside;

    /** Written by the reader. */
    private volatile long heardBytes;
    /** Written by the writer, as is the next. */
    private volatile long sentBytes;

    private volatile boolean writing;
    /** Belongs to the backend's clock. */
    private final DeadPeerDetector watch;

    /** Older firehoses of the same host that live. Belongs to the reader. */
    private final Set<Firehose> neighbours = new HashSet<>();

    /** Guarded by the directory's lock. */
    private boolean released;

    private long releasedNanos;

    Firehose(long number, SocketChannel channel, Shared shared) throws IOException {
        this.number = number;
        this.channel = channel;
        this.peer = (InetSocketAddress) channel.getRemoteAddress();
        this.host = Host.of(peer.getAddress());
        this.watch = new DeadPeerDetector(
                AddressPair.of((InetSocketAddress) channel.getLocalAddress(), peer),
                shared.options().peerTimeout().toNanos());
        this.shared = shared;
        this.outbox = new Outbox(
                shared.options().sendBufferBytes(),
                shared.surroundings().chunkBytes(),
                shared.surroundings().nanoClock());
    }

    // ---- for the application

    /**
     * The ordinal of this firehose, in the order in which this backend accepted them.
     *
     * @return 1 for the first
     */
    public long number() {
        return number;
    }

    /**
     * Where the server dialled from.
     *
     * @return its host and ephemeral port
     */
    public InetSocketAddress peer() {
        return peer;
    }

    /**
     * Whether the link stands, as far as is known.
     *
     * @return false for ever once it is lost
     */
    public boolean isOpen() {
        return !isLost();
    }

    /**
     * Whether a small packet could be sent without waiting.
     *
     * @return false while the send buffer is full, from a refusal until half of it is free, and when the link is lost
     */
    public boolean isWritable() {
        return outbox.isWritable();
    }

    /**
     * How much waits to be sent to the server.
     *
     * @return bytes, tags included; seldom more than {@link BackendOptions#sendBufferBytes()}
     */
    public long queuedBytes() {
        return outbox.queuedBytes();
    }

    /**
     * The session with an id on this server.
     *
     * @param id as in {@link Session#id()}
     * @return null if there is none that this backend has heard of
     */
    public @Nullable Session session(long id) {
        return shared.directory().get(this, id);
    }

    /**
     * The sessions of this server; after a loss those that still wait for another firehose.
     *
     * @return a copy, in no order
     */
    public List<Session> sessions() {
        return shared.directory().of(this);
    }

    /** Cuts the link. Its server will dial anew; its sessions wait for that. Harmless if it is lost already. */
    public void close() {
        lose("closed by the application");
    }

    /** For logs. */
    @Override
    public String toString() {
        String host = peer.getAddress().getHostAddress();
        return "firehose " + number + " from " + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + peer.getPort();
    }

    // ---- its life

    /** Starts both threads; if they are not to be had, the link is lost. */
    void start(Threads threads) {
        try {
            threads.start("voltlane-firehose-" + number + "-writer", this::write);
            threads.start("voltlane-firehose-" + number, this::read);
        } catch (RuntimeException | Error e) {
            lose("no thread to be had");
            shared.directory().detach(this);
            shared.directory().release(this, shared.nanoTime());
            finished.countDown();
            throw e;
        }
    }

    private void read() {
        String reason = FAULT;
        try {
            shared.calls().attached(this);
            reason = new FirehoseReader(this, channel, shared).run();
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        } catch (RuntimeException | Error e) {
            reason = FAULT + ": " + e;
            throw e;
        } finally {
            lose(reason);
            OwnThread.await(writerDone);
            comeToItsEnd();
        }
    }

    /** Each step is done whatever becomes of the one before: others wait for the last. */
    private void comeToItsEnd() {
        try {
            shared.directory().detach(this);
        } finally {
            try {
                shared.calls().detached(this, reason());
            } finally {
                shared.directory().release(this, shared.nanoTime());
                finished.countDown();
            }
        }
    }

    private void write() {
        try {
            for (Chunk chunk = outbox.take(); chunk != null; chunk = outbox.take()) {
                write(chunk);
            }
            channel.shutdownOutput();
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

    /** In pieces, so that a large packet on a slow link is seen to move. */
    private void write(Chunk chunk) throws IOException {
        int frames = chunk.frames();
        int left = chunk.filled();
        try {
            while (left > 0) {
                writing = true;
                int taken = channel.write(chunk.next(Outbox.CHUNK_BYTES));
                writing = false;
                sentBytes += taken; // by this thread alone
                left -= taken;
                if (outbox.taken(chunk, taken)) {
                    tellWritable();
                }
            }
        } finally {
            // One that was taken to its end is in other hands by now.
            shared.counters().sent.add(left == 0 ? frames : chunk.framesTaken());
        }
    }

    /** Once for all who have to be told at about the same time. */
    void tellWritable() {
        if (telling.compareAndSet(false, true)) {
            shared.events().add(() -> {
                telling.set(false);
                shared.calls().writable(this);
            });
        }
    }

    /**
     * The link is over, for the first reason that is given. Both threads come to their end soon. False if it was over
     * already.
     */
    boolean lose(String reason) {
        if (!lostBecause.compareAndSet(null, reason)) {
            return false;
        }
        outbox.breakOff();
        try {
            channel.close();
        } catch (IOException e) {
            // nobody can do anything about it
        }
        return true;
    }

    /** An orderly end: what is queued goes out, what comes in is dropped, until the server closes its side. */
    void finish() {
        finishing = true;
        outbox.finish();
    }

    boolean isFinishing() {
        return finishing;
    }

    /** Cuts a link that has taken nothing for too long, or whose peer has vanished. On the backend's clock. */
    void checkProgress(long nowNanos) {
        long limit = shared.options().stallTimeout().toNanos();
        if (outbox.stalledNanos(nowNanos) >= limit) {
            lose("took nothing for " + seconds(limit));
        }
        Traffic traffic = new Traffic(sentBytes, heardBytes, writing);
        if (watch.look(nowNanos, traffic, shared.surroundings().kernel()) == DeadPeerDetector.Finding.VANISHED) {
            lose("acknowledged nothing for "
                    + seconds(shared.options().peerTimeout().toNanos()));
        }
    }

    private static String seconds(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    /** So many bytes have come, while firehoses up to this number were there. On this firehose's reader. */
    void hasRead(long newest, int bytes) {
        readBeside = newest;
        heardBytes += bytes;
    }

    /** Whether anything has ever come. */
    boolean hasSpoken() {
        return heardBytes > 0;
    }

    Host host() {
        return host;
    }

    /**
     * Waits for the last handler call of an older firehose that this one seems to replace; cuts its link if the end
     * does not come by itself. But one that has read anything since this one came is alive, so another server's: it is
     * left alone. What was waited for in vain is not waited for again. On this firehose's reader.
     */
    void replace(Firehose older) {
        if (older.awaitEnd(shared.surroundings().replacedGrace().toNanos())) {
            return;
        }
        if (!older.isLost() && older.readBeside >= number) {
            neighbours.add(older);
            return;
        }
        older.lose("its server has dialled anew");
        older.overdue = !older.awaitEnd(shared.surroundings().replacedLimit().toNanos());
    }

    /**
     * Whether this one may continue an older one, both of which have an id. A server may dial anew before the end of
     * its old link was noticed here; it then announces its sessions by Reconnection. A first packet of Data, however,
     * is the beginning of a session, so two servers have come up with the same id: then they are two sessions.
     */
    boolean mayReplace(Firehose older, Flag flag) {
        if (older.number >= number) {
            return false; // no two readers can wait for each other
        }
        if (older.isLost()) {
            return !older.overdue;
        }
        return flag != Flag.DATA
                && !neighbours.contains(older)
                && peer.getAddress().equals(older.peer.getAddress());
    }

    /** Waits until both threads are done with everything; on one of the backend's threads. */
    boolean awaitEnd(long nanos) {
        return OwnThread.await(finished, nanos);
    }

    private String reason() {
        String reason = lostBecause.get();
        return reason == null ? "" : reason;
    }

    // ---- for the directory

    Outbox outbox() {
        return outbox;
    }

    SessionTable table() {
        return table;
    }

    boolean isLost() {
        return lostBecause.get() != null;
    }

    void released(long nowNanos) {
        released = true;
        releasedNanos = nowNanos;
    }

    boolean isReleased() {
        return released;
    }

    long releasedNanos() {
        return releasedNanos;
    }
}
