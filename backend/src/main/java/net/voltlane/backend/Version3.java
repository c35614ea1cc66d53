package net.voltlane.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import net.voltlane.protocol.MalformedPacketException;
import net.voltlane.protocol.Tag;
import net.voltlane.protocol.firehose3.Ack;
import net.voltlane.protocol.firehose3.FirehoseMessage;
import net.voltlane.protocol.firehose3.MessageCodec;
import net.voltlane.protocol.firehose3.MessageFlag;
import net.voltlane.protocol.firehose3.Ping;
import org.jspecify.annotations.Nullable;

/**
 * The part of a firehose that speaks version 3: numbered packets, which are acknowledged when their handler call has
 * returned. Everything that outlives the link is in its {@link KnownServer}.
 */
final class Version3 implements FirehoseVersion {
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    /** Packets that may come without an acknowledgement. */
    private static final int ACK_PACKETS = 64;
    /** Bytes of packets that may come without an acknowledgement. */
    private static final int ACK_BYTES = 64 * 1024;

    private final Firehose firehose;
    private final BackendContext context;
    private final KnownServer server;
    private final ServerOutbox outbox;
    private final LinkOutput output;
    private final SessionPackets sessions;

    // These fields are for the reader.
    /** False once the writer may have ended: a packet that was taken over now could not be acknowledged. */
    private boolean isTaking = true;

    private int unacknowledgedPackets;
    private int unacknowledgedBytes;

    /** True while the reader waits for bytes. */
    private volatile boolean waiting;
    /** The time since which the reader has waited in vain. Written before {@link #waiting}. */
    private volatile long waitsSinceNanos;
    /** The time up to which silence does not count, as this process was stopped. For the clock's thread. */
    private long excusedNanos;

    Version3(Firehose firehose, BackendContext context, KnownServer server) {
        this.firehose = firehose;
        this.context = context;
        this.server = server;
        outbox = server.outbox();
        output = outbox.output();
        sessions = new SessionPackets(firehose, context, server);
        excusedNanos = context.nanoTime();
    }

    @Override
    public int number() {
        return 3;
    }

    @Override
    public String serverName() {
        return server.name().toString();
    }

    // ---- received packets

    /** Handles a packet. A lost link is not read any more: its count of received packets is about to be told. */
    @Override
    public void handle(ByteBuffer buffer, int frame, int length) {
        if (firehose.isLost()) {
            return;
        }
        if (length < Tag.BYTES) {
            context.malformed("a packet of " + length + " bytes", firehose);
            return;
        }
        long id = buffer.getLong(frame + Tag.ID_OFFSET_IN_FRAME);
        int flag = buffer.get(frame + Tag.FLAG_OFFSET_IN_FRAME) & 0xFF;
        int data = frame + Tag.FRAME_HEADER_BYTES;
        try {
            if (id == FirehoseMessage.LINK_ID) {
                handleOfLink(flag, buffer.slice(data, length - Tag.BYTES));
            } else if (isTaking && server.repeats()) {
                takes(length);
            } else if (isTaking && !firehose.isFinishing()) {
                sessions.handle(id, flag, buffer, data, length - Tag.BYTES);
                takes(length);
            }
        } catch (MalformedPacketException e) {
            lose("sent what can't be true: " + e.getMessage());
        }
    }

    /** Counts a packet that was taken over, whatever it was. */
    private void takes(int length) {
        server.takes();
        unacknowledgedPackets++;
        unacknowledgedBytes += Math.min(length, ACK_BYTES);
        if (unacknowledgedPackets >= ACK_PACKETS || unacknowledgedBytes >= ACK_BYTES) {
            unacknowledgedPackets = 0;
            unacknowledgedBytes = 0;
            output.acknowledge();
        }
    }

    private void handleOfLink(int flag, ByteBuffer data) throws MalformedPacketException {
        FirehoseMessage message = MessageCodec.decode(FirehoseMessage.LINK_ID, flag, data, true);
        if (message instanceof Ack ack) {
            if (!outbox.acknowledged(ack.count())) {
                lose("acknowledged " + ack.count() + " packets, which contradicts this backend's count");
            }
        } else if (message instanceof Ping ping) {
            output.answer(ping);
            sessions.afterPing();
        } else if (message == null || flag == MessageFlag.HELLO) {
            context.malformed("flag " + flag + " of the link", firehose);
        }
    }

    /** Ends the link for a fault of the server, loudly. */
    private void lose(String reason) {
        context.malformed(reason, firehose);
        firehose.lose(reason);
    }

    @Override
    public void waits(boolean now) {
        if (now) {
            waitsSinceNanos = context.nanoTime();
        }
        waiting = now;
    }

    @Override
    public void beginBurst() {
        isTaking = output.beginBurst();
    }

    @Override
    public void endBurst() {
        firehose.held().claimsNothing();
        output.endBurst();
    }

    // ---- packets to send

    @Override
    public void write(FirehoseWriter writer) throws IOException, InterruptedException {
        WriteBatch batch = new WriteBatch();
        while (output.take(this, batch)) {
            try {
                while (batch.hasRemaining()) {
                    output.wrote(batch, batch.write(writer));
                }
            } finally {
                context.counters().sent.add(batch.packetsWritten());
                output.done(batch);
            }
        }
    }

    @Override
    public boolean isWritable() {
        return outbox.isWritable() && !firehose.isLost();
    }

    @Override
    public long queuedBytes() {
        return outbox.queuedBytes();
    }

    void tellWritable() {
        firehose.tellWritable();
    }

    // ---- time

    @Override
    public @Nullable String check(long nowNanos) {
        output.pingAfter(PING_NANOS, nowNanos);
        // A link that is not read is not silent: its bytes wait in the socket.
        if (waiting && Math.min(nowNanos - waitsSinceNanos, nowNanos - excusedNanos) >= SILENCE_NANOS) {
            return "sent nothing for " + Firehose.seconds(SILENCE_NANOS);
        }
        long limit = context.options().stallTimeout().toNanos();
        return output.stalledNanos(nowNanos) >= limit ? "took nothing for " + Firehose.seconds(limit) : null;
    }

    /** Tells whether the reader waits for bytes. */
    boolean isWaiting() {
        return waiting;
    }

    @Override
    public void excuseSilence(long nowNanos) {
        excusedNanos = nowNanos;
    }

    // ---- the end

    @Override
    public void breakOff() {
        outbox.detach(this);
    }

    @Override
    public void finish() {
        outbox.finish();
    }

    @Override
    public void detach() {
        firehose.held().table().forEach(session -> {
            if (session.firehose() == firehose) { // another one may have taken it over
                session.leave();
            }
        });
    }

    @Override
    public long patienceNanos(long usual) {
        return server.patienceNanos(usual);
    }

    @Override
    public EndReason lostReason(Session session) {
        return server.hasRecords()
                ? EndReason.disconnected(
                        session.numbers().received(), session.numbers().delivered())
                : EndReason.ORPHANED;
    }

    @Override
    public boolean outlivesSessions() {
        return true;
    }

    @Override
    public void forget() {
        context.servers().forget(server);
    }
}
