package net.voltlane.bench.firehose;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import net.voltlane.bench.load.Ids;
import net.voltlane.bench.load.Payload;
import net.voltlane.bench.load.Schedule;
import net.voltlane.protocol.Flag;
import net.voltlane.protocol.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Messages that the backend sends of its own accord, by the clock, each to a range of clients. What the firehose does
 * not take keeps nothing waiting here but a count. Belongs to the backend's loop once it was handed over.
 */
public final class Broadcast {

    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int BATCH_BYTES = 64 * 1024;

    private final Schedule schedule;
    private final Payload payload;
    private final Ids ids;
    private final int firstClient;
    private final int clients;
    private final int frameBytes;
    private final byte[] batch;

    private @Nullable Channel firehose;
    private IntConsumer wrote = packets -> {};
    private long message;
    private int place;
    private long written;
    private boolean stopped;

    /**
     * @param schedule when messages are due
     * @param payload what they say: the client that each copy is for, and the number of the message
     * @param ids the clients' session ids; clients without an id are left out
     * @param firstClient the first of the range
     * @param clients how many
     */
    public Broadcast(Schedule schedule, Payload payload, Ids ids, int firstClient, int clients) {
        this.schedule = schedule;
        this.payload = payload;
        this.ids = ids;
        this.firstClient = firstClient;
        this.clients = clients;
        frameBytes = Tag.FRAME_HEADER_BYTES + payload.sizeBytes();
        batch = new byte[Math.max(frameBytes, BATCH_BYTES / frameBytes * frameBytes)];
    }

    /** @param listener hears of the number of packets in each write */
    void start(Channel channel, IntConsumer listener) {
        firehose = channel;
        wrote = listener;
        tick();
    }

    /** The last that is due is still written. */
    void stop() {
        pump();
        stopped = true;
    }

    /** Number of messages that were written, each copy counted. */
    public long written() {
        return written;
    }

    /** The message that is next: all before it were written to everyone. */
    public long next() {
        return message;
    }

    private void tick() {
        Channel channel = firehose;
        if (stopped || channel == null || !channel.isActive()) {
            return;
        }
        pump();
        long wait = schedule.dueNanos(message) - System.nanoTime();
        if (channel.isWritable() || wait > 0) {
            channel.eventLoop()
                    .schedule(this::tick, Math.max(0, Math.min(wait, LONGEST_SLEEP_NANOS)), TimeUnit.NANOSECONDS);
        } else {
            channel.eventLoop().schedule(this::tick, LONGEST_SLEEP_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    /** Writes what is due, as far as the firehose takes it. */
    void pump() {
        Channel channel = firehose;
        if (stopped || channel == null) {
            return;
        }
        long now = System.nanoTime();
        while (channel.isWritable() && schedule.dueNanos(message) <= now) {
            int length = fill(now);
            if (length > 0) {
                ByteBuf out = channel.alloc().directBuffer(length, length);
                wrote.accept(length / frameBytes);
                channel.write(out.writeBytes(batch, 0, length), channel.voidPromise());
            }
        }
        channel.flush();
    }

    private int fill(long nowNanos) {
        int at = 0;
        while (at + frameBytes <= batch.length && schedule.dueNanos(message) <= nowNanos) {
            int client = firstClient + place;
            long id = ids.of(client);
            if (id != 0) {
                payload.frame(batch, at, id, Flag.DATA.code(), client, (int) message);
                at += frameBytes;
                written++;
            }
            if (++place == clients) {
                place = 0;
                message++;
            }
        }
        return at;
    }
}
