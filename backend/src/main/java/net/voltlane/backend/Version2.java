package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/** The part of a firehose that speaks version 2: packets without numbers, sessions that begin with their first packet. */
final class Version2 implements FirehoseVersion {
    /** The time for which data of a server that has lost a session does not bring it back. */
    private static final long FORMER_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Firehose firehose;
    private final BackendContext context;
    private final Outbox outbox;
    /** The session of the last packet. For the reader. */
    private @Nullable Session last;

    /** True if a newer firehose has waited in vain for the end of this one. */
    private volatile boolean endIsOverdue;

    /** Older firehoses of the same host that are known to be alive, so those of other servers. For the reader. */
    private final Set<Firehose> neighbours = new HashSet<>();

    /**
     * The ids of sessions that another server has, and when it got them, the oldest first: data that this one has sent before
     * it knew must not bring them back. Guarded by the directory's lock.
     */
    private final Map<Long, Long> former = new LinkedHashMap<>();

    Version2(Firehose firehose, BackendContext context, Outbox outbox) {
        this.firehose = firehose;
        this.context = context;
        this.outbox = outbox;
    }

    @Override
    public int number() {
        return 2;
    }

    @Override
    public String serverName() {
        return "";
    }

    // ---- received packets

    @Override
    public void handle(ByteBuffer buffer, int frame, int length) {
        if (firehose.isFinishing()) {
            return;
        }
        if (length < Tag.BYTES) {
            malformed("a packet of " + length + " bytes");
            return;
        }
        long id = buffer.getLong(frame + Tag.ID_OFFSET_IN_FRAME);
        int code = buffer.get(frame + Tag.FLAG_OFFSET_IN_FRAME) & 0xFF;
        Flag flag = Flag.of(code);
        if (flag == null || flag == Flag.KICK) {
            malformed("flag " + code);
            return;
        }
        Session session = session(id, flag);
        if (session != null) {
            int data = frame + Tag.FRAME_HEADER_BYTES;
            handle(session, flag, buffer.array(), data, length - Tag.BYTES);
        }
    }

    private void handle(Session session, Flag flag, byte[] bytes, int offset, int length) {
        switch (flag) {
            case DATA -> context.calls().data(session, Arrays.copyOfRange(bytes, offset, offset + length));
            case RECONNECTION -> context.calls().reconnected(session);
            case FAILURE -> {
                last = null;
                context.directory().end(session, firehose);
                context.calls().ended(session, EndReason.decode(bytes, offset, length));
            }
            case KICK -> throw new AssertionError("servers send no kicks");
        }
    }

    /**
     * Returns the session of a packet. Returns null for the Failure of an unknown session, which answers data that has
     * crossed the session's end, and if there is no room for one more session.
     */
    private @Nullable Session session(long id, Flag flag) {
        Session session = last;
        if (session != null && session.id() == id && isOwn(session)) {
            return session;
        }
        session = firehose.held().table().get(id);
        if (session != null && !isOwn(session)) {
            session = null;
        }
        if (session == null) {
            firehose.held().claimsNothing(); // two readers never wait for each other
            session = context.version2().first(this, id, flag);
            if (session == null) {
                if (flag != Flag.FAILURE && !context.directory().locked(() -> isFormer(id))) {
                    context.sessionRefused(firehose);
                }
                return null;
            }
            if (!isOwn(session)) {
                return null; // it has moved on at once
            }
            if (session.begins()) {
                context.calls().started(session);
            }
        }
        last = session;
        return session;
    }

    /**
     * Waits for the last handler call of an older firehose that this one seems to replace. Cuts the older link if it
     * does not end by itself. An older firehose that has received anything since this one was accepted is alive, so it
     * belongs to another server and is left alone. A wait that was in vain is not repeated. For the reader.
     */
    void replace(Firehose older) {
        assert firehose.isReader();
        if (older.awaitEnd(context.environment().replacedGrace().toNanos())) {
            return;
        }
        if (!older.isLost() && older.readings().isNewerThan(firehose)) {
            neighbours.add(older);
            return;
        }
        older.lose("its server has dialled anew");
        if (!older.awaitEnd(context.environment().replacedLimit().toNanos())) {
            of(older).endIsOverdue = true;
        }
    }

    /**
     * Tells whether this firehose may continue an older one that has the same session id. A server may dial again
     * before this backend has noticed the end of its old link; it then announces its sessions by Reconnection. A first
     * packet of Data, however, begins a session: two servers have chosen the same id, and these are two sessions.
     */
    boolean mayReplace(Firehose older, Flag flag) {
        if (older.number() >= firehose.number()) {
            return false; // so that two readers never wait for each other
        }
        if (older.isLost()) {
            return !of(older).endIsOverdue;
        }
        return flag != Flag.DATA
                && !neighbours.contains(older)
                && firehose.peer().getAddress().equals(older.peer().getAddress());
    }

    /** Claims a session for handler calls, if another server can take it over. Returns false if one has done so. */
    private boolean isOwn(Session session) {
        return !context.options().sharedIds() || firehose.held().claims(session);
    }

    /** Called under the directory's lock when another server gets a session. */
    void loses(long id) {
        long now = context.nanoTime();
        former.values().removeIf(since -> now - since >= FORMER_NANOS);
        former.put(id, now);
    }

    /** Called under the directory's lock when this server gets a session. */
    void gets(long id) {
        former.remove(id);
    }

    /** Tells whether another server has got a session from this one lately. Under the directory's lock. */
    boolean isFormer(long id) {
        Long since = former.get(id);
        return since != null && context.nanoTime() - since < FORMER_NANOS;
    }

    /** Returns this part of another firehose. A firehose that has sessions of version 2 does not change its version. */
    static Version2 of(Firehose other) {
        return (Version2) other.version();
    }

    Firehose firehose() {
        return firehose;
    }

    private void malformed(String what) {
        context.malformed(what, firehose);
    }

    @Override
    public void waits(boolean now) {}

    @Override
    public void beginBurst() {
        outbox.beginBurst();
    }

    @Override
    public void endBurst() {
        firehose.held().claimsNothing();
        outbox.endBurst();
    }

    // ---- packets to send

    @Override
    public void write(FirehoseWriter writer) throws IOException, InterruptedException {
        for (Chunk chunk = outbox.take(); chunk != null; chunk = outbox.take()) {
            write(writer, chunk);
        }
    }

    /** Writes a chunk in pieces, so that progress is seen while a large packet goes out on a slow link. */
    private void write(FirehoseWriter writer, Chunk chunk) throws IOException {
        int frames = chunk.frames();
        int left = chunk.filled();
        try {
            while (left > 0) {
                int taken = writer.write(chunk.next(Outbox.CHUNK_BYTES));
                left -= taken;
                if (outbox.taken(chunk, taken)) {
                    firehose.tellWritable();
                }
            }
        } finally {
            // A chunk that was taken whole may be in use again by now.
            context.counters().sent.add(left == 0 ? frames : chunk.framesTaken());
        }
    }

    @Override
    public boolean isWritable() {
        return outbox.isWritable();
    }

    @Override
    public long queuedBytes() {
        return outbox.queuedBytes();
    }

    // ---- the end

    @Override
    public void breakOff() {
        outbox.breakOff();
    }

    @Override
    public void finish() {
        outbox.finish();
    }

    @Override
    public @Nullable String check(long nowNanos) {
        long limit = context.options().stallTimeout().toNanos();
        return outbox.stalledNanos(nowNanos) >= limit ? "took nothing for " + Firehose.seconds(limit) : null;
    }

    @Override
    public void excuseSilence(long nowNanos) {}

    @Override
    public void detach() {
        context.version2().detach(firehose);
    }

    @Override
    public long patienceNanos(long usual) {
        return usual;
    }

    @Override
    public EndReason lostReason(Session session) {
        return EndReason.ORPHANED;
    }

    @Override
    public boolean outlivesSessions() {
        return false;
    }

    @Override
    public void forget() {}
}
